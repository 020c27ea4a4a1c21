using OrleansCallback.Fuzz;
using Xunit;

namespace OrleansCallback.Tests.Sip;

/// <summary>
/// A minute of fuzzing, from one seed so that a run shows the same as the one before; more of it, with other seeds, is a command
/// (docs/measurements.md).
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    const int Seed = 20;
    static readonly TimeSpan Share = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData("parser")]
    [InlineData("stream")]
    [InlineData("sdp")]
    [InlineData("agent")]
    public void Mutated_inputs_break_nothing(string name)
    {
        var report = new FuzzRun(FuzzTargets.All().Single(target => target.Name == name), Seed).Run(long.MaxValue, Share);
        output.WriteLine(report.ToString());
        Assert.True(report.Failure is null, report.ToString());
        Assert.True(report.Inputs > 1_000, report.ToString());
    }
}
