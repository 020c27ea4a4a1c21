namespace OrleansCallback.Terminals;

/// <summary>
/// A VoIP terminal: what its password is proven with, and where it can be reached now. Key: <see cref="GrainKeys.Terminal"/>.
/// </summary>
[Alias("ITerminalGrain")]
public interface ITerminalGrain : IGrainWithStringKey
{
    /// <summary>Makes the terminal, or gives it another password; false: the account is another owner's.</summary>
    [Alias("Make")]
    Task<bool> Make(TerminalSecrets secrets);

    /// <summary>What a password is proven with; null: there is no such terminal.</summary>
    [Alias("Secrets")]
    Task<TerminalSecrets?> Secrets();

    /// <summary>Forgets the terminal: it rings no more and cannot register.</summary>
    [Alias("Remove")]
    Task Remove();

    /// <summary>A silo tells all flows of the terminal that it holds; none: it holds none any more.</summary>
    [Alias("Announce")]
    Task Announce(string silo, IReadOnlyList<TerminalFlow> flows);

    /// <summary>The flows that live now, the best liked first.</summary>
    [Alias("Flows")]
    Task<IReadOnlyList<TerminalFlow>> Flows();
}

/// <summary>What a silo holds of terminals, asked of it directly by a terminal's grain that is new. Key: <see cref="GrainKeys.SiloFlows"/>.</summary>
[Alias("ISiloFlowsGrain")]
public interface ISiloFlowsGrain : IGrainWithStringKey
{
    /// <summary>The flows of a terminal that this silo holds; none if it is not the one in the key.</summary>
    [Alias("Of")]
    Task<IReadOnlyList<TerminalFlow>> Of(string account);
}

/// <summary>What is kept of a password: one hash of account, domain and password for each algorithm (RFC 7616 section 3.4.2, A1).</summary>
/// <param name="Owner">Whose terminal it is: <c>member/account</c> or <c>merchant/id</c>.</param>
/// <param name="Md5">With MD5, in lower-case hexadecimal digits.</param>
/// <param name="Sha256">With SHA-256, in lower-case hexadecimal digits.</param>
[GenerateSerializer, Immutable, Alias("TerminalSecrets")]
public sealed record TerminalSecrets([property: Id(0)] string Owner, [property: Id(1)] string Md5, [property: Id(2)] string Sha256);

/// <summary>One way to a registered terminal.</summary>
/// <param name="Silo">The silo that holds it, as <c>SiloAddress.ToParsableString()</c>.</param>
/// <param name="SentBy">That silo's signalling address (<c>host:port</c>).</param>
/// <param name="Contact">The Contact URI that the phone gave: Request-URI of a call.</param>
/// <param name="Target">Where the phone is reached from that silo (<c>address:port</c>, with <c>;transport=</c> for a stream).</param>
/// <param name="Q">How much it is liked, 0 to 1.</param>
/// <param name="ExpiresAt">When it ends unless the phone registers again (UTC).</param>
[GenerateSerializer, Immutable, Alias("TerminalFlow")]
public sealed record TerminalFlow(
    [property: Id(0)] string Silo,
    [property: Id(1)] string SentBy,
    [property: Id(2)] string Contact,
    [property: Id(3)] string Target,
    [property: Id(4)] double Q,
    [property: Id(5)] DateTimeOffset ExpiresAt);
