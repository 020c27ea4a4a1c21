namespace OrleansCallback.Sip;

/// <summary>Settings of a <see cref="UserAgent"/>.</summary>
/// <param name="SentBy">Our address as peers see it, "host:port"; stands in Via and Contact.</param>
public sealed record UserAgentOptions(string SentBy)
{
    /// <summary>True when incoming calls are raised as <see cref="IncomingCall"/>.</summary>
    public bool AcceptsCalls { get; init; }

    /// <summary>The status for incoming calls when <see cref="AcceptsCalls"/> is false.</summary>
    public int RefuseCallsWith { get; init; } = 603;

    /// <summary>True when REGISTER is raised as <see cref="IncomingRegister"/>; it gets 405 otherwise.</summary>
    public bool AcceptsRegisters { get; init; }

    /// <summary>How long a REGISTER waits for the application's <see cref="UserAgent.AnswerRegister"/>.</summary>
    public TimeSpan RegisterLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The most REGISTERs that wait for the application at a time; further ones are dropped and come again.</summary>
    public int MaxWaitingRegisters { get; init; } = 1_024;

    /// <summary>The value of User-Agent and Server.</summary>
    public string Product { get; init; } = "OrleansCallback";

    /// <summary>The timer values of RFC 3261 section 17.</summary>
    public SipTimers Timers { get; init; } = new();

    /// <summary>Reliable provisional responses (RFC 3262); <see cref="InviteAttempt.Reliable"/> may say otherwise for one call.</summary>
    public ReliableProvisional Reliable { get; init; } = ReliableProvisional.Supported;

    /// <summary>The session interval that we ask for (RFC 4028 section 4); null turns session timers off.</summary>
    public TimeSpan? SessionExpires { get; init; } = TimeSpan.FromSeconds(1_800);

    /// <summary>The shortest session interval that a caller may ask of us; a shorter one gets 422 (RFC 4028 section 5).</summary>
    public TimeSpan MinSessionExpires { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Whose P-Asserted-Identity is believed (RFC 3325 section 6), by the address that a message came from; nobody's by default.</summary>
    public Func<System.Net.IPAddress, bool> TrustsIdentityOf { get; init; } = _ => false;

    /// <summary>How long an answered call waits for the application's <see cref="UserAgent.Acknowledge"/>.</summary>
    public TimeSpan AcknowledgeLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a call may ring, in either direction, when the application forgets to end it.</summary>
    public TimeSpan RingingLimit { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>
    /// How long a re-INVITE of ours may stay at provisional responses; then it is cancelled, and until it is the peer's own get 491 (RFC 3261
    /// sections 9.1 and 14.2).
    /// </summary>
    public TimeSpan ReinviteLimit { get; init; } = TimeSpan.FromSeconds(32);

    /// <summary>The most calls at a time; further incoming ones get 503.</summary>
    public int MaxCalls { get; init; } = 50_000;

    /// <summary>The most registrations of our own (RFC 3261 section 10) at a time.</summary>
    public int MaxRegistrations { get; init; } = 4_096;

    /// <summary>The most transactions at a time; further requests are dropped and come again.</summary>
    public int MaxTransactions { get; init; } = 500_000;

    /// <summary>Messages waiting to be sent; further ones are dropped as the network would drop them.</summary>
    public int MaxTransmits { get; init; } = 16_384;

    /// <summary>Events waiting to be taken; while there are as many, incoming messages are dropped and come again.</summary>
    public int MaxEvents { get; init; } = 16_384;

    /// <summary>All our addresses, of every transport that we speak; empty: <see cref="SentBy"/> over UDP alone.</summary>
    public IReadOnlyList<LocalAddress> Addresses { get; init; } = [];

    /// <summary>A request above this many bytes goes by TCP where we speak it (RFC 3261 section 18.1.1).</summary>
    public int MaxDatagramBytes { get; init; } = 1_300;

    /// <summary>How long a request waits for the look-up of a name; afterwards the name counts as unknown.</summary>
    public TimeSpan NameLimit { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long a name's servers are kept at least, and how long an unknown name is not asked for again.</summary>
    public TimeSpan ShortestNameLife { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The most names whose servers are kept.</summary>
    public int MaxNames { get; init; } = 4_096;

    /// <summary>The most servers of one name that are kept.</summary>
    public int MaxServersOfName { get; init; } = 32;

    /// <summary>The most requests and messages that wait for look-ups at a time.</summary>
    public int MaxWaitingForNames { get; init; } = 4_096;

    /// <summary>How long a server that failed is tried after all others of its name.</summary>
    public TimeSpan ServerRest { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The most servers that are known to have failed, and the most peers that are known to refuse TCP.</summary>
    public int MaxRestingServers { get; init; } = 4_096;

    /// <summary>How long an INVITE waits for any response before the next server of the name is tried (RFC 3263 section 4.3).</summary>
    public TimeSpan NextServerAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Requests a second, outside of calls, that an address may send which is neither known nor a server of ours; 0 for any number. What is
    /// above it gets no answer.
    /// </summary>
    public double StrangerRate { get; init; }

    /// <summary>Such requests at once, before <see cref="StrangerRate"/> counts.</summary>
    public int StrangerBurst { get; init; } = 20;

    /// <summary>The most addresses that are counted for at a time; when as many are busy, further ones get no answer.</summary>
    public int MaxStrangers { get; init; } = 16_384;

    /// <summary>Who is no stranger, such as the carriers of our trunks. Called for every request outside of calls.</summary>
    public Func<System.Net.IPAddress, bool> IsKnown { get; init; } = _ => false;

    /// <summary>Whose requests outside of calls are not counted either: the address and port of a phone that is registered.</summary>
    public Func<System.Net.IPEndPoint, bool> IsRegistered { get; init; } = _ => false;

    /// <summary>Seed of tags and branches, for repeatable tests; null takes one from the operating system.</summary>
    public long? Seed { get; init; }
}

/// <summary>Timer values of RFC 3261 section 17 and table 4.</summary>
public sealed record SipTimers
{
    /// <summary>Estimate of the round trip.</summary>
    public TimeSpan T1 { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest interval between retransmissions of non-INVITE requests and INVITE responses.</summary>
    public TimeSpan T2 { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long a message stays in the network.</summary>
    public TimeSpan T4 { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>64 × T1: timers B, F, H, J, L and M.</summary>
    public TimeSpan Timeout => 64 * T1;

    /// <summary>Timer D: at least 32 s (RFC 3261 section 17.1.1.2).</summary>
    public TimeSpan D => TimeSpan.FromTicks(Math.Max(Timeout.Ticks, TimeSpan.FromSeconds(32).Ticks));

    /// <summary>How long an INVITE waits for a response of ours before 100 goes out (RFC 3261 section 17.2.1).</summary>
    public TimeSpan Trying { get; init; } = TimeSpan.FromMilliseconds(200);
}
