namespace OrleansCallback.Calls;

/// <summary>The next state and what is to be done.</summary>
/// <param name="State">The next state.</param>
/// <param name="Effects">In the order in which they are to be started.</param>
/// <param name="Ignored">The input came late or again and changed nothing.</param>
public sealed record CallDecision(CallState State, IReadOnlyList<CallEffect> Effects, bool Ignored);
