namespace OrleansCallback.Calls;

/// <summary>A callback as the member and the site's programs see it.</summary>
[GenerateSerializer, Immutable, Alias("CallbackView")]
public sealed record CallbackView
{
    /// <summary>The callback's id.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>The account that placed it.</summary>
    [Id(1)] public required string Caller { get; init; }

    /// <summary>The merchant's id.</summary>
    [Id(2)] public required string Merchant { get; init; }

    /// <summary>The number of leg A.</summary>
    [Id(3)] public required string MemberNumber { get; init; }

    /// <summary>Who pays.</summary>
    [Id(4)] public required Payer Payer { get; init; }

    /// <summary>Where it stands.</summary>
    [Id(5)] public required CallStatus Status { get; init; }

    /// <summary>How it ended, once it has.</summary>
    [Id(6)] public CallOutcome? Outcome { get; init; }

    /// <summary>Why it ended, once it has.</summary>
    [Id(7)] public EndReason? EndReason { get; init; }

    /// <summary>What it cost, once it is settled.</summary>
    [Id(8)] public Money? Charge { get; init; }

    /// <summary>When it was placed (UTC).</summary>
    [Id(9)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Number of its last event.</summary>
    [Id(10)] public required long LastEvent { get; init; }
}

/// <summary>Who pays for a callback (claims 2 and 3 of the patent).</summary>
[GenerateSerializer, Alias("Payer")]
public enum Payer
{
    /// <summary>The member who clicked.</summary>
    Member,
    /// <summary>The merchant who is called.</summary>
    Merchant,
    /// <summary>A third party such as an advertiser.</summary>
    Sponsor,
}

/// <summary>A step of a callback. Numbers start at 1 and have no gap; exactly one event has a terminal status and it is the last.</summary>
[GenerateSerializer, Immutable, Alias("CallEvent")]
public sealed record CallEvent(
    [property: Id(0)] long Number,
    [property: Id(1)] DateTimeOffset At,
    [property: Id(2)] CallStatus Status,
    [property: Id(3)] CallOutcome? Outcome = null,
    [property: Id(4)] EndReason? EndReason = null,
    [property: Id(5)] Money? Charge = null);

/// <summary>What became of a request to place a callback.</summary>
[GenerateSerializer, Alias("AdmissionKind")]
public enum AdmissionKind
{
    /// <summary>The money is held; the member is about to be rung. Also the answer to a repeat, with the state known since.</summary>
    Admitted,
    /// <summary>Refused before anything rang; the callback's outcome says why.</summary>
    Refused,
    /// <summary>Could not be decided in time: nothing rings for this request, and a hold that comes late is released.</summary>
    Undecided,
    /// <summary>The idempotency key was used with another body.</summary>
    KeyReused,
    /// <summary>The site has no such merchant.</summary>
    UnknownMerchant,
}

/// <summary>The answer to <see cref="ICallSessionGrain.Place"/>.</summary>
/// <param name="Kind">What became of the request.</param>
/// <param name="Callback">The callback, where there is one.</param>
[GenerateSerializer, Immutable, Alias("Admission")]
public sealed record Admission([property: Id(0)] AdmissionKind Kind, [property: Id(1)] CallbackView? Callback);
