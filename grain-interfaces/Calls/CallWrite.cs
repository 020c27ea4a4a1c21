namespace OrleansCallback.Calls;

/// <summary>
/// The rows of one call that become durable together: fenced by the call's version, so that of two activations of one session only one
/// can write.
/// </summary>
[GenerateSerializer, Immutable, Alias("CallWrite")]
public sealed record CallWrite
{
    /// <summary>The tenant.</summary>
    [Id(0)] public required string Site { get; init; }

    /// <summary>The callback.</summary>
    [Id(1)] public required string Callback { get; init; }

    /// <summary>Set with the first write alone: makes the callback's row.</summary>
    [Id(2)] public CallbackRequest? New { get; init; }

    /// <summary>The version that the row must have; the write raises it by one. 0 with the first write.</summary>
    [Id(3)] public required long ExpectedVersion { get; init; }

    /// <summary>Where the callback stands after this write.</summary>
    [Id(4)] public required CallStatus Status { get; init; }

    /// <summary>How it ended, with the terminal write.</summary>
    [Id(5)] public CallOutcome? Outcome { get; init; }

    /// <summary>The session's state as JSON without telephone numbers, from which another activation goes on.</summary>
    [Id(6)] public required string State { get; init; }

    /// <summary>Attempts that are new or have changed.</summary>
    [Id(7)] public IReadOnlyList<AttemptRow> Attempts { get; init; } = [];

    /// <summary>Events that become visible with this write.</summary>
    [Id(8)] public IReadOnlyList<CallEvent> Events { get; init; } = [];

    /// <summary>Who pays; part of the callback's row.</summary>
    [Id(9)] public required Payer Payer { get; init; }

    /// <summary>The number of leg B, with the first write.</summary>
    [Id(10)] public string? MerchantNumber { get; init; }

    /// <summary>With the first hold: it is refused while another callback of the member, or of the number rung for the member, is live.</summary>
    [Id(11)] public bool OneAtATime { get; init; }
}

/// <summary>An attempt as it is stored.</summary>
/// <param name="Attempt">The attempt; its numbers are erased with the terminal write.</param>
/// <param name="Dialog">The dialog's state as JSON since the answer.</param>
/// <param name="AnsweredAt">When it was answered (UTC).</param>
/// <param name="Ended">How it ended.</param>
[GenerateSerializer, Immutable, Alias("AttemptRow")]
public sealed record AttemptRow(
    [property: Id(0)] LegAttempt Attempt,
    [property: Id(1)] string? Dialog = null,
    [property: Id(2)] DateTimeOffset? AnsweredAt = null,
    [property: Id(3)] LegEnded? Ended = null);
