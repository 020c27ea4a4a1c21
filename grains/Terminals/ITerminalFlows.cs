namespace OrleansCallback.Terminals;

/// <summary>The flows of terminals that this silo holds. Safe from any thread.</summary>
public interface ITerminalFlows
{
    /// <summary>The live flows of a terminal.</summary>
    IReadOnlyList<TerminalFlow> Of(string account);
}

/// <summary>A silo without a registrar.</summary>
public sealed class NoTerminalFlows : ITerminalFlows
{
    /// <inheritdoc/>
    public IReadOnlyList<TerminalFlow> Of(string account) => [];
}
