using OrleansCallback.Tests.Wire;

[assembly: AssemblyFixture(typeof(WireReport))]

namespace OrleansCallback.Tests.Wire;

/// <summary>Writes down the whole test run, and fails it at its end if anything faulty was sent to a phone in any scenario, or if what a phone got was not seen.</summary>
public sealed class WireReport : IAsyncLifetime
{
    WireWitness? witness;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => witness = await WireWitness.StartAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (witness is null) return;
        await using var _ = witness;
        var verdict = await witness.ReadAsync();
        Console.WriteLine($"tshark read {verdict.Messages} messages to phones and found {verdict.Faults.Count} faults.");
        if (verdict.Faults.Count > 0) throw new InvalidOperationException($"tshark finds fault with:\n{string.Join('\n', verdict.Faults)}");
        if (verdict.Missing.Count > 0) throw new InvalidOperationException($"tshark was not shown all:\n{string.Join('\n', verdict.Missing)}");
    }
}
