namespace OrleansCallback.Calls;

/// <summary>
/// The command gate of one leg on the silo that owns its trunk; key: <see cref="GrainKeys.Leg"/>. The leg itself lives in that silo's SIP
/// endpoint and outlives this grain's activation. Every command may be repeated. News goes from the endpoint to the session.
/// </summary>
[Alias("ICallLegGrain")]
public interface ICallLegGrain : IGrainWithStringKey
{
    /// <summary>Sends the INVITE of an attempt whose row is durable. A repeat finds the same leg.</summary>
    [Alias("Dial")]
    Task<DialResult> Dial(LegAttempt attempt);

    /// <summary>
    /// Sends the ACK of an answer that is durable; the grant counts from the answer. The leg hears the announcement, once however often this is
    /// repeated, and hold audio after it if told so.
    /// </summary>
    [Alias("Acknowledge")]
    Task<LegCommandResult> Acknowledge(LegGrant grant, bool holdAudio, Announcement? announcement);

    /// <summary>Lets this leg and another on the same silo hear each other.</summary>
    [Alias("Bridge")]
    Task<LegCommandResult> Bridge(string otherLeg);

    /// <summary>
    /// Half a bridge between two silos: opens this leg's inner media address and, once the other silo's is known, sends to it.
    /// </summary>
    /// <param name="otherInner">The other leg's inner address (<c>address:port</c>), null while it is not known.</param>
    /// <returns>This leg's inner address (<c>address:port</c>), or null if the leg is gone or no port was free.</returns>
    [Alias("BridgeAcross")]
    Task<string?> BridgeAcross(string? otherInner);

    /// <summary>Lengthens the grant. A grant never shrinks: a shorter one changes nothing.</summary>
    [Alias("Extend")]
    Task<LegCommandResult> Extend(LegGrant grant);

    /// <summary>Cancels, or acknowledges and hangs up, or hangs up: whatever the leg's state asks for. Idempotent.</summary>
    /// <param name="farewell">What a leg that has answered is told first; then it is hung up by its silo. Null: it is hung up at once.</param>
    [Alias("HangUp")]
    Task HangUp(Announcement? farewell);
}

/// <summary>What became of a command to a leg.</summary>
[GenerateSerializer, Alias("LegCommandResult")]
public enum LegCommandResult
{
    /// <summary>Done, or done before.</summary>
    Done,
    /// <summary>The leg is over or unknown on this silo.</summary>
    NoSuchLeg,
}

/// <summary>What became of <see cref="ICallLegGrain.Dial"/>.</summary>
[GenerateSerializer, Alias("DialResult")]
public enum DialResult
{
    /// <summary>The INVITE leaves; news follows.</summary>
    Dialled,
    /// <summary>This silo does not own the trunk: nothing was sent.</summary>
    NotOwner,
    /// <summary>No channel, media port or place in the queue for calls a second: nothing was sent.</summary>
    NoCapacity,
    /// <summary>The trunk is down or rests on this silo: nothing was sent.</summary>
    TrunkDown,
}

/// <summary>Time that is paid for.</summary>
/// <param name="SinceAnswer">Duration from this leg's answer at which the leg ends by itself.</param>
/// <param name="RenewWhenLeft">When this much is left the leg asks for renewal with <see cref="LegGrantLow"/>.</param>
/// <param name="Remaining">
/// Set for leg B, whose answer comes later than leg A's: the paid time left from receipt, which then counts instead of <paramref name="SinceAnswer"/>.
/// </param>
/// <param name="Warning">What the party is told when the end comes near; null: nothing.</param>
[GenerateSerializer, Immutable, Alias("LegGrant")]
public sealed record LegGrant(
    [property: Id(0)] TimeSpan SinceAnswer,
    [property: Id(1)] TimeSpan RenewWhenLeft,
    [property: Id(2)] TimeSpan? Remaining = null,
    [property: Id(3)] GrantWarning? Warning = null);

/// <summary>A word to the party before its paid time is over. The leg's silo says it by itself, whoever else is gone by then.</summary>
/// <param name="WhenLeft">When so much is left and nothing has lengthened the grant.</param>
/// <param name="What">What is said.</param>
[GenerateSerializer, Immutable, Alias("GrantWarning")]
public sealed record GrantWarning([property: Id(0)] TimeSpan WhenLeft, [property: Id(1)] Announcement What);

/// <summary>
/// One try to reach a number over one trunk: all that an INVITE and a CANCEL for it are made of (RFC 3261 §9.1), durable before it is sent.
/// </summary>
[GenerateSerializer, Immutable, Alias("LegAttempt")]
public sealed record LegAttempt
{
    /// <summary>The leg's grain key; also the attempt's id.</summary>
    [Id(0)] public required string Key { get; init; }

    /// <summary>The callback.</summary>
    [Id(1)] public required string Callback { get; init; }

    /// <summary>Which leg.</summary>
    [Id(2)] public required CallLeg Leg { get; init; }

    /// <summary>1 for the first attempt of the leg.</summary>
    [Id(3)] public required int Attempt { get; init; }

    /// <summary>The trunk's id.</summary>
    [Id(4)] public required string Trunk { get; init; }

    /// <summary>The silo that owns the trunk for this attempt, as <c>SiloAddress.ToParsableString()</c>.</summary>
    [Id(5)] public required string Silo { get; init; }

    /// <summary>The number to be rung.</summary>
    [Id(6)] public required PhoneNumber Number { get; init; }

    /// <summary>Request-URI.</summary>
    [Id(7)] public required string RequestUri { get; init; }

    /// <summary>Call-ID.</summary>
    [Id(8)] public required string CallId { get; init; }

    /// <summary>From with tag.</summary>
    [Id(9)] public required string From { get; init; }

    /// <summary>To without tag.</summary>
    [Id(10)] public required string To { get; init; }

    /// <summary>The URI of Contact, without angle brackets.</summary>
    [Id(11)] public required string Contact { get; init; }

    /// <summary>Via sent-by: the owner's signalling address (<c>host:port</c>).</summary>
    [Id(12)] public required string SentBy { get; init; }

    /// <summary>Address that the INVITE goes to (<c>address:port</c>).</summary>
    [Id(13)] public required string Target { get; init; }

    /// <summary>First CSeq number.</summary>
    [Id(14)] public required int CSeq { get; init; }

    /// <summary>The leg is canceled when it has rung for so long.</summary>
    [Id(15)] public required TimeSpan RingLimit { get; init; }

    /// <summary>The value of P-Asserted-Identity; null: none.</summary>
    [Id(16)] public string? AssertedIdentity { get; init; }

    /// <summary>The attempt fails if nothing at all was answered for so long; null: SIP's own limit (RFC 3261 section 17.1.1.2, timer B).</summary>
    [Id(17)] public TimeSpan? ResponseLimit { get; init; }

    /// <summary>Random, and kept where the attempt is: the branches of its requests derive from it, so that nobody else can make them.</summary>
    [Id(18)] public required string Secret { get; init; }

    /// <summary>The number that is shown is the member's own: it may be told as well.</summary>
    [Id(19)] public bool ShowsMember { get; init; }
}
