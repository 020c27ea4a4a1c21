namespace OrleansCallback.Trunks;

/// <summary>One trunk: from the configuration (<c>Trunks:&lt;id&gt;:…</c>) or as an administrator stored it.</summary>
[GenerateSerializer, Alias("TrunkOptions")]
public sealed class TrunkOptions
{
    /// <summary>The carrier's signalling address: <c>address:port</c>, or a name whose servers are located by DNS (RFC 3263), with or without a port.</summary>
    [Id(0)] public string Address { get; set; } = "";

    /// <summary><c>udp</c>, <c>tcp</c> or <c>tls</c>; empty: what the name's records say, else UDP.</summary>
    [Id(1)] public string Transport { get; set; } = "";

    /// <summary>Where requests go: <see cref="Address"/> with <see cref="Transport"/>.</summary>
    public string Target => Transport.Length == 0 ? Address : $"{Address};transport={Transport}";

    /// <summary>Host part of Request-URI, From and To; the address if empty.</summary>
    [Id(2)] public string Domain { get; set; } = "";

    /// <summary>User name for digest authentication; empty: none.</summary>
    [Id(3)] public string Username { get; set; } = "";

    /// <summary>Password for digest authentication.</summary>
    [Id(4)] public string Password { get; set; } = "";

    /// <summary>The site's own number on this trunk: E.164.</summary>
    [Id(5)] public string CallerId { get; set; } = "";

    /// <summary>Most legs at once.</summary>
    [Id(6)] public int MaxChannels { get; set; } = 100;

    /// <summary>
    /// E.164 prefixes that this trunk carries, longest wins; <c>+</c> carries all; none: what written routes lead to it, which go before anyway.
    /// </summary>
    [Id(7)] public List<string> Prefixes { get; set; } = [];

    /// <summary>Price of one second of a leg over this trunk in micro-units; below zero: no rate, its calls are refused with no_rate.</summary>
    [Id(8)] public long RatePerSecond { get; set; }

    /// <summary>Networks that media of this trunk may come from besides the SDP's address (<c>192.0.2.0/24</c>).</summary>
    [Id(9)] public List<string> MediaNetworks { get; set; } = [];

    /// <summary>Most new calls a second; 0: no limit.</summary>
    [Id(10)] public double CallsPerSecond { get; set; }

    /// <summary>Whose number is shown to who is rung.</summary>
    [Id(11)] public CallerIdFrom CallerIdFrom { get; set; }

    /// <summary>Whose number the member sees, where it is another than the merchant is shown; null: as <see cref="CallerIdFrom"/> says for both.</summary>
    [Id(23)] public CallerIdFrom? CallerIdFromA { get; set; }

    /// <summary>Whether the number shown also stands in P-Asserted-Identity (RFC 3325).</summary>
    [Id(12)] public bool AssertedIdentity { get; set; }

    /// <summary>Value of the Privacy header field (RFC 3323): <c>id</c> hides the number from who is rung; empty: none.</summary>
    [Id(13)] public string Privacy { get; set; } = "";

    /// <summary>How numbers are written: <see cref="Trunks.NumberFormat"/>.</summary>
    [Id(14)] public string NumberFormat { get; set; } = "e164";

    /// <summary>
    /// Codecs by comma: PCMU and PCMA in the order of preference; G722 and OPUS are offered once a call is bridged to a leg that has them too.
    /// </summary>
    [Id(15)] public string Codecs { get; set; } = "PCMU,PCMA";

    /// <summary>Header fields that the INVITE carries besides: name to value.</summary>
    [Id(16)] public Dictionary<string, string> Headers { get; set; } = [];

    /// <summary>What stands in User-Agent; empty: the product's name.</summary>
    [Id(17)] public string UserAgent { get; set; } = "";

    /// <summary>How often OPTIONS asks whether the carrier is there; 0: never.</summary>
    [Id(18)] public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Names of silos that own this trunk besides those whose own setting says so.</summary>
    [Id(19)] public List<string> Silos { get; set; } = [];

    /// <summary>
    /// Where this site registers with <see cref="Username"/>: <c>true</c>, at the trunk itself; a SIP URI, at that registrar; empty or
    /// <c>false</c>: not at all. A trunk that has to be registered and is not takes no call.
    /// </summary>
    [Id(20)] public string Register { get; set; } = "";

    /// <summary>How long a registration is asked for.</summary>
    [Id(21)] public TimeSpan RegisterExpires { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Whether audio is encrypted (SRTP): <c>off</c>, <c>preferred</c>, or <c>required</c>: a carrier that does not encrypt carries nothing.
    /// </summary>
    [Id(22)] public string MediaEncryption { get; set; } = "off";

    /// <summary>
    /// RTP ports of its legs: <c>shared</c> with other legs, as soon as the carrier has shown that its calls differ in their addresses, or
    /// <c>connected</c>: one for each leg, on which the system itself keeps everybody but the carrier off.
    /// </summary>
    [Id(24)] public string MediaPorts { get; set; } = "shared";

    /// <summary>Whether this site registers.</summary>
    public bool Registers => Register.Length > 0 && !Register.Equals("false", StringComparison.OrdinalIgnoreCase);
}

/// <summary>Whose number a person who is rung sees. Where it is missing, not proven, or the person's own, the site's number is shown.</summary>
[GenerateSerializer, Alias("CallerIdFrom")]
public enum CallerIdFrom
{
    /// <summary>The site's number on the trunk.</summary>
    Site,
    /// <summary>The merchant's number.</summary>
    Merchant,
    /// <summary>The member's number, if an administrator has marked it as proven.</summary>
    Member,
}
