namespace OrleansCallback.Sip;

/// <summary>One NAPTR record (RFC 3403 section 4.1), as far as SIP needs it.</summary>
/// <param name="Order">The lower goes first, whatever the preference.</param>
/// <param name="Preference">The lower goes first among equals in order.</param>
/// <param name="Flags">"s" where the replacement has SRV records.</param>
/// <param name="Service">SIP+D2U, SIP+D2T or SIPS+D2T.</param>
/// <param name="Replacement">The name that takes this one's place.</param>
public sealed record NaptrRecord(int Order, int Preference, string Flags, string Service, string Replacement);

/// <summary>A name whose SRV records are to be asked for, and the transport that its servers speak.</summary>
/// <param name="Name">For example _sip._tcp.example.com.</param>
/// <param name="Transport">What its servers speak.</param>
public readonly record struct ServiceName(string Name, SipTransport Transport);

/// <summary>What is to be asked for to find a target's servers (RFC 3263 section 4). Only what we speak ourselves counts.</summary>
public static class LocatingRule
{
    /// <summary>The most services of one name that are asked for.</summary>
    const int MaxServices = 8;

    /// <summary>True when NAPTR records choose the transport: neither a port nor a transport is given (section 4.1).</summary>
    public static bool AsksNaptr(Target target) => target.Host.Port == 0 && target.Transport is null;

    /// <summary>True when SRV records choose port and server: no port is given (section 4.2).</summary>
    public static bool AsksSrv(Target target) => target.Host.Port == 0;

    /// <summary>The services of a name's NAPTR records in their order; empty when none of them is of use to us.</summary>
    public static IReadOnlyList<ServiceName> Services(Target target, IEnumerable<NaptrRecord> records, IReadOnlyCollection<SipTransport> spoken) =>
    [
        .. records
            .Where(r => r.Flags.Equals("s", StringComparison.OrdinalIgnoreCase))
            .OrderBy(r => r.Order).ThenBy(r => r.Preference)
            .Select(r => (r.Replacement, Transport: TransportOf(r.Service)))
            .Where(r => r.Transport is { } transport && IsOfUse(target, transport, spoken))
            .Select(r => new ServiceName(r.Replacement.TrimEnd('.'), r.Transport!.Value))
            .Distinct().Take(MaxServices),
    ];

    /// <summary>
    /// The services to ask for without NAPTR records: the transport that is given or else each that we speak, TLS alone for sips
    /// (section 4.1).
    /// </summary>
    public static IReadOnlyList<ServiceName> Services(Target target, IReadOnlyCollection<SipTransport> spoken) =>
    [
        .. (target.Transport is { } given && !target.IsSecure ? [given] : new[] { SipTransport.Udp, SipTransport.Tcp, SipTransport.Tls })
            .Where(t => IsOfUse(target, t, spoken))
            .Select(t => new ServiceName(NameOf(target.Host.Host.TrimEnd('.'), t), t)),
    ];

    /// <summary>The port of the servers when only addresses are known.</summary>
    public static int PlainPort(Target target) => target.Host.Port > 0 ? target.Host.Port : target.PlainTransport.DefaultPort();

    static bool IsOfUse(Target target, SipTransport transport, IReadOnlyCollection<SipTransport> spoken) =>
        spoken.Contains(transport) && (!target.IsSecure || transport == SipTransport.Tls);

    static SipTransport? TransportOf(string service) =>
        service.Equals("SIP+D2U", StringComparison.OrdinalIgnoreCase) ? SipTransport.Udp
        : service.Equals("SIP+D2T", StringComparison.OrdinalIgnoreCase) ? SipTransport.Tcp
        : service.Equals("SIPS+D2T", StringComparison.OrdinalIgnoreCase) ? SipTransport.Tls : null;

    static string NameOf(string host, SipTransport transport) => transport switch
    {
        SipTransport.Udp => $"_sip._udp.{host}",
        SipTransport.Tcp => $"_sip._tcp.{host}",
        _ => $"_sips._tcp.{host}",
    };
}
