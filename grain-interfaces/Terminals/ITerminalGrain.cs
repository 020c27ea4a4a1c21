namespace OrleansCallback.Terminals;

/// <summary>
/// A VoIP terminal: what its password is proven with, and where it can be reached now. Key: <see cref="GrainKeys.Terminal"/>.
/// </summary>
[Alias("ITerminalGrain")]
public interface ITerminalGrain : IGrainWithStringKey
{
    /// <summary>Makes the terminal, or gives it another password, which ends all its flows; false: the account is another owner's.</summary>
    [Alias("Make")]
    Task<bool> Make(TerminalSecrets secrets);

    /// <summary>What a password is proven with, and the flows; null: there is no such terminal.</summary>
    [Alias("Record")]
    Task<TerminalRecord?> Record();

    /// <summary>Forgets the terminal and its flows: it rings no more and cannot register.</summary>
    [Alias("Remove")]
    Task Remove();

    /// <summary>A silo tells all flows of the terminal that it holds; none: it holds none any more.</summary>
    /// <param name="silo">The silo, as <c>SiloAddress.ToParsableString()</c>.</param>
    /// <param name="sentBy">Its signalling address: what an earlier process there had told is replaced.</param>
    /// <param name="provenBy">What the phones have proven; false if the terminal has another password, or another owner, by now.</param>
    /// <param name="flows">All of them.</param>
    [Alias("Announce")]
    Task<bool> Announce(string silo, string sentBy, TerminalSecrets provenBy, IReadOnlyList<TerminalFlow> flows);

    /// <summary>The flows that have not ended; whether their silos live is not looked at.</summary>
    [Alias("Flows")]
    Task<IReadOnlyList<TerminalFlow>> Flows();
}

/// <summary>A silo as phones know it, asked of it directly. Key: <see cref="GrainKeys.PhoneSilo"/>.</summary>
[Alias("IPhoneSiloGrain")]
public interface IPhoneSiloGrain : IGrainWithStringKey
{
    /// <summary>The silo; null if it is not the one in the key.</summary>
    [Alias("Get")]
    Task<PhoneSilo?> Get();
}

/// <summary>A silo as phones know it.</summary>
/// <param name="Silo">The silo, as <c>SiloAddress.ToParsableString()</c>.</param>
/// <param name="SentBy">Its signalling address (<c>host:port</c>): of the process before it too, where the address is configured.</param>
/// <param name="TakesLegs">It rings phones; false once it drains.</param>
[GenerateSerializer, Immutable, Alias("PhoneSilo")]
public sealed record PhoneSilo([property: Id(0)] string Silo, [property: Id(1)] string SentBy, [property: Id(2)] bool TakesLegs);

/// <summary>What is kept of a password: one hash of account, domain and password for each algorithm (RFC 7616 section 3.4.2, A1).</summary>
/// <param name="Owner">Whose terminal it is: <c>member/account</c> or <c>merchant/id</c>.</param>
/// <param name="Md5">With MD5, in lower-case hexadecimal digits.</param>
/// <param name="Sha256">With SHA-256, in lower-case hexadecimal digits.</param>
[GenerateSerializer, Immutable, Alias("TerminalSecrets")]
public sealed record TerminalSecrets([property: Id(0)] string Owner, [property: Id(1)] string Md5, [property: Id(2)] string Sha256);

/// <summary>A terminal as a registrar needs it.</summary>
/// <param name="Secrets">What its password is proven with.</param>
/// <param name="Flows">Where it can be reached.</param>
[GenerateSerializer, Immutable, Alias("TerminalRecord")]
public sealed record TerminalRecord([property: Id(0)] TerminalSecrets Secrets, [property: Id(1)] IReadOnlyList<TerminalFlow> Flows);

/// <summary>From where a flow can be used.</summary>
[GenerateSerializer, Alias("FlowReach")]
public enum FlowReach
{
    /// <summary>A TCP or TLS connection of the silo: it ends with that process.</summary>
    Connection,
    /// <summary>UDP, perhaps through a NAT: only what comes from the silo's signalling address gets to the phone.</summary>
    Address,
    /// <summary>UDP, and the phone listens where its messages come from: any silo reaches it.</summary>
    Anywhere,
}

/// <summary>One way to a registered terminal.</summary>
/// <param name="Silo">The silo that holds it, as <c>SiloAddress.ToParsableString()</c>.</param>
/// <param name="SentBy">That silo's signalling address (<c>host:port</c>).</param>
/// <param name="Contact">The Contact URI that the phone gave: Request-URI of a call.</param>
/// <param name="Target">Where the phone is reached from that silo (<c>address:port</c>, with <c>;transport=</c> for a stream and <c>;flow=</c>).</param>
/// <param name="Q">How much it is liked, 0 to 1.</param>
/// <param name="Since">When the phone registered last (UTC).</param>
/// <param name="ExpiresAt">When it ends unless the phone registers again (UTC).</param>
/// <param name="Reach">From where it can be used.</param>
/// <param name="Instance">The phone, as it names itself in all its registrations (RFC 5626); empty: it does not.</param>
[GenerateSerializer, Immutable, Alias("TerminalFlow")]
public sealed record TerminalFlow(
    [property: Id(0)] string Silo,
    [property: Id(1)] string SentBy,
    [property: Id(2)] string Contact,
    [property: Id(3)] string Target,
    [property: Id(4)] double Q,
    [property: Id(5)] DateTimeOffset Since,
    [property: Id(6)] DateTimeOffset ExpiresAt,
    [property: Id(7)] FlowReach Reach,
    [property: Id(8)] string Instance = "");
