using System.Data.Common;

namespace OrleansCallback.Load.Processes;

static class Violations
{
    /// <summary>A line per row.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(DbDataReader reader)
    {
        var lines = new List<string>();
        while (await reader.ReadAsync()) lines.Add(string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(i => $"{reader.GetValue(i)}")));
        return lines;
    }
}
