using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OrleansCallback.Rates;
using OrleansCallback.Trunks;

namespace OrleansCallback.Calls;

/// <summary>
/// All that a call's next decision depends on. As JSON it is stored with every write, without telephone numbers; what is marked as not
/// serialised comes back from the call's row or is of this activation alone.
/// </summary>
public sealed record CallState
{
    /// <summary>The tenant.</summary>
    public required string Site { get; init; }

    /// <summary>The callback.</summary>
    public required string Callback { get; init; }

    /// <summary>Random, made once: what its attempts send and nobody else may know derives from it.</summary>
    public required string Secret { get; init; }

    /// <summary>What it is doing.</summary>
    public CallPhase Phase { get; init; }

    /// <summary>What the member is told.</summary>
    public CallStatus Status { get; init; } = CallStatus.Authorizing;

    /// <summary>The wallet that pays.</summary>
    public string Wallet { get; init; } = "";

    /// <summary>Who pays.</summary>
    public Payer Payer { get; init; }

    /// <summary>Paid time held at once.</summary>
    public TimeSpan Slice { get; init; }

    /// <summary>When a whole slice is renewed.</summary>
    public TimeSpan RenewWholeWhenLeft { get; init; }

    /// <summary>Leg A is canceled when it has rung for so long.</summary>
    public TimeSpan RingLimitA { get; init; }

    /// <summary>Leg B is canceled when it has rung for so long.</summary>
    public TimeSpan RingLimitB { get; init; }

    /// <summary>A trunk that answers nothing for so long is passed over while there is another.</summary>
    public TimeSpan ResponseLimit { get; init; }

    /// <summary>The longest time from leg A's answer; zero: no limit.</summary>
    public TimeSpan MaxDuration { get; init; }

    /// <summary>The member, and the number of leg A, may be in no other live callback.</summary>
    public bool OneAtATime { get; init; }

    /// <summary>The number of leg A is the member's and proven.</summary>
    public bool MemberProven { get; init; }

    /// <summary>What its legs are told.</summary>
    public CallPrompts Prompts { get; init; } = new();

    /// <summary>The prices; null if the call was refused before it had any.</summary>
    public RateCard? Rates { get; init; }

    /// <summary>When it was placed.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Leg A; null if it had no route.</summary>
    public LegState? A { get; init; }

    /// <summary>Leg B; null if it had no route.</summary>
    public LegState? B { get; init; }

    /// <summary>The hold was placed.</summary>
    public bool HoldPlaced { get; init; }

    /// <summary>Its latest slice.</summary>
    public int SliceNumber { get; init; }

    /// <summary>What is held, as the wallet last told.</summary>
    public Money Held { get; init; }

    /// <summary>Paid time from leg A's answer, as the wallet last told.</summary>
    public TimeSpan Grant { get; init; }

    /// <summary>The call was admitted in time: a hold that came later rings nobody.</summary>
    public bool Admitted { get; init; }

    /// <summary>When member and merchant were joined.</summary>
    public DateTimeOffset? BridgedAt { get; init; }

    /// <summary>How it ends, once that is decided; the first cause counts.</summary>
    public CallEnd? End { get; init; }

    /// <summary>What was charged, once settled.</summary>
    public Money? Charge { get; init; }

    /// <summary>Number of the last event.</summary>
    public long LastEvent { get; init; }

    /// <summary>Counts the writes, so that a stored state can be recognised.</summary>
    public int Revision { get; init; }

    /// <summary>Names the activation that wrote it: two may come to the same revision.</summary>
    public string Writer { get; init; } = "";

    /// <summary>What was asked for; its numbers are in the call's row alone.</summary>
    [JsonIgnore]
    public CallbackRequest? Request { get; init; }

    /// <summary>The number of leg B.</summary>
    [JsonIgnore]
    public PhoneNumber? MerchantNumber { get; init; }

    /// <summary>The owner that is to carry leg B.</summary>
    [JsonIgnore]
    public TrunkOffer? OfferB { get; init; }

    /// <summary>Attempts that gave way to another and are not durable as ended yet.</summary>
    [JsonIgnore]
    public ImmutableArray<AttemptRow> Past { get; init; } = [];

    /// <summary>What waits to become durable.</summary>
    [JsonIgnore]
    public CallWriting Writing { get; init; } = new();

    /// <summary>The hold's id: derives from the callback, so that a repeat finds the same hold.</summary>
    [JsonIgnore]
    public string HoldId => $"hold-{Callback}";

    /// <summary>What was asked for; a state that has none is broken.</summary>
    [JsonIgnore]
    public CallbackRequest Asked => Request ?? throw new InvalidOperationException($"Call {Callback} in {Phase} has no request.");

    /// <summary>Neither ended nor yet to begin.</summary>
    [JsonIgnore]
    public bool Live => Phase is not (CallPhase.New or CallPhase.Ended);

    /// <summary>The legs that have an attempt.</summary>
    public IEnumerable<LegState> Legs()
    {
        if (A is { Key: not null })
            yield return A;
        if (B is { Key: not null })
            yield return B;
    }

    /// <summary>A leg with a route.</summary>
    public LegState Leg(CallLeg leg) =>
        (leg == CallLeg.A ? A : B) ?? throw new InvalidOperationException($"Call {Callback} in {Phase} has no leg {leg}.");

    /// <summary>The same state with one leg replaced.</summary>
    public CallState With(LegState leg) => leg.Leg == CallLeg.A ? this with { A = leg } : this with { B = leg };
}

/// <summary>How a call ends.</summary>
public sealed record CallEnd(CallStatus Status, CallOutcome Outcome, EndReason Reason, DateTimeOffset At);
