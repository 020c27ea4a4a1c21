using OrleansCallback.Tests.Wire;

[assembly: AssemblyFixture(typeof(WireReport))]

namespace OrleansCallback.Tests.Wire;

/// <summary>Writes down the whole test run, and fails it at its end if anything faulty was sent to a phone in any scenario.</summary>
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
        var (faults, messages) = await witness.ReadAsync();
        Console.WriteLine($"tshark read {messages} messages to phones and found {faults.Count} faults.");
        if (faults.Count > 0) throw new InvalidOperationException($"tshark finds fault with:\n{string.Join('\n', faults)}");
    }
}
