namespace OrleansCallback.Calls;

/// <summary>The two legs of a callback.</summary>
[GenerateSerializer, Alias("CallLeg")]
public enum CallLeg
{
    /// <summary>The member's leg, rung first.</summary>
    A,
    /// <summary>The merchant's leg, rung once leg A is on hold.</summary>
    B,
}

/// <summary>Something that happened to a leg. Numbers start at 1 per leg and have no gap; exactly one is terminal and it is the last.</summary>
/// <param name="Number">Position among this leg's news.</param>
/// <param name="At">Wall-clock time at the silo that holds the leg (UTC).</param>
[GenerateSerializer, Immutable]
public abstract record LegNews([property: Id(0)] long Number, [property: Id(1)] DateTimeOffset At);

/// <summary>A provisional response above 100 came: the phone rings (RFC 3261 §21.1).</summary>
[GenerateSerializer, Immutable, Alias("LegRinging")]
public sealed record LegRinging(long Number, DateTimeOffset At, [property: Id(0)] int SipCode) : LegNews(Number, At);

/// <summary>The phone answered; its answer waits for <see cref="ICallLegGrain.Acknowledge"/>, at most 2 s.</summary>
/// <param name="Dialog">The dialog's state as JSON, to be stored: what a takeover needs to go on with it.</param>
[GenerateSerializer, Immutable, Alias("LegAnswered")]
public sealed record LegAnswered(long Number, DateTimeOffset At, [property: Id(0)] string Dialog) : LegNews(Number, At);

/// <summary>An announcement whose end the session waits for is over (<see cref="Announcement.IsAwaited"/>).</summary>
/// <param name="End">How.</param>
[GenerateSerializer, Immutable, Alias("LegAnnounced")]
public sealed record LegAnnounced(long Number, DateTimeOffset At, [property: Id(0)] AnnouncementEnd End) : LegNews(Number, At);

/// <summary>What is left of the grant has fallen to the threshold given with it: renew now.</summary>
/// <param name="SinceAnswer">Time since this leg's answer on the silo's monotonic clock.</param>
[GenerateSerializer, Immutable, Alias("LegGrantLow")]
public sealed record LegGrantLow(long Number, DateTimeOffset At, [property: Id(0)] TimeSpan SinceAnswer) : LegNews(Number, At);

/// <summary>Why a leg ended.</summary>
[GenerateSerializer, Alias("LegEnd")]
public enum LegEnd
{
    /// <summary>A final response of 300 or above to the INVITE.</summary>
    Refused,
    /// <summary>The ring limit passed; the INVITE was canceled.</summary>
    NoAnswer,
    /// <summary>No response at all, or the transport failed.</summary>
    TrunkFailed,
    /// <summary>The silo had no channel or media port for it; nothing was sent.</summary>
    NoCapacity,
    /// <summary>The phone sent BYE.</summary>
    RemoteHungUp,
    /// <summary>This side hung up or canceled as told.</summary>
    HungUp,
    /// <summary>The grant ended.</summary>
    GrantEnded,
    /// <summary>The answer was not acknowledged in time.</summary>
    Failed,
    /// <summary>What the phone said of its audio cannot be used: no codec in common, or it does not encrypt where that is required.</summary>
    NoMedia,
}

/// <summary>Terminal: the leg is over and holds nothing any more.</summary>
/// <param name="End">Why.</param>
/// <param name="SipCode">Status code of the final response, if one ended it; 488 where the answer had no audio that can be used.</param>
/// <param name="Q850">Cause from a Reason header, if the network gave one.</param>
/// <param name="Talk">From answer to end on the silo's monotonic clock; null if it never answered.</param>
/// <param name="PacketsIn">RTP packets that came from the phone.</param>
/// <param name="PacketsOut">RTP packets that were sent to the phone.</param>
/// <param name="Rang">A phone may have rung: 180 or 183 came.</param>
[GenerateSerializer, Immutable, Alias("LegEnded")]
public sealed record LegEnded(
    long Number,
    DateTimeOffset At,
    [property: Id(0)] LegEnd End,
    [property: Id(1)] int? SipCode,
    [property: Id(2)] int? Q850,
    [property: Id(3)] TimeSpan? Talk,
    [property: Id(4)] long PacketsIn,
    [property: Id(5)] long PacketsOut,
    [property: Id(6)] bool Rang = false) : LegNews(Number, At);
