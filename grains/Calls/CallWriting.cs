using System.Collections.Immutable;

namespace OrleansCallback.Calls;

/// <summary>The way of a call's changes into the ledger: one write at a time, and what may only be done after it.</summary>
public sealed record CallWriting
{
    /// <summary>Version that the call's row must have for the next write.</summary>
    public long Version { get; init; }

    /// <summary>Revision of the state that is durable; 0: none.</summary>
    public int Durable { get; init; }

    /// <summary>Something changed that the next write is to carry.</summary>
    public bool Changed { get; init; }

    /// <summary>The leg's news says that the grant runs low: time elapsed since leg A's answer.</summary>
    public TimeSpan? RenewalDue { get; init; }

    /// <summary>Events that are not durable.</summary>
    public ImmutableArray<CallEvent> Events { get; init; } = [];

    /// <summary>To be done once the next write is durable.</summary>
    public ImmutableArray<CallEffect> Then { get; init; } = [];

    /// <summary>The write on its way.</summary>
    public CallWriteInFlight? InFlight { get; init; }

    /// <summary>Tries of the write on its way, for the back-off.</summary>
    public int Tries { get; init; }
}

/// <summary>A write on its way.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Snapshot">The state that it stores.</param>
/// <param name="Then">To be done once it is durable.</param>
/// <param name="KnownDurable">It was found stored already; only the wallet's answer is still missing.</param>
public sealed record CallWriteInFlight(
    CallWriteKind Kind, CallState Snapshot, ImmutableArray<CallEffect> Then, bool KnownDurable = false);

/// <summary>The writes of a call.</summary>
public enum CallWriteKind
{
    /// <summary>The hold with the callback's row and leg A's attempt, through the wallet.</summary>
    Hold,
    /// <summary>State, attempts and events.</summary>
    Save,
    /// <summary>A longer grant with the state, through the wallet.</summary>
    Extend,
    /// <summary>Terminal: capture and release, CDR, outbox, terminal event.</summary>
    Settle,
}
