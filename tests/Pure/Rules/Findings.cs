using Xunit;

namespace OrleansCallback.Tests.Rules;

static class Findings
{
    /// <summary>Fails with every finding, a line each.</summary>
    public static void None<T>(IEnumerable<T> findings)
    {
        var all = findings.Select(f => $"{f}").ToList();
        if (all.Count > 0) Assert.Fail(string.Join('\n', all));
    }
}
