namespace OrleansCallback.Trunks;

/// <summary>
/// The trunks of a site as configuration, the same on every silo: <c>Trunks:carrier-a:Address=192.0.2.10:5060</c>. Which of them a silo
/// owns stands in <see cref="Owned"/>.
/// </summary>
public sealed class TrunksOptions
{
    /// <summary>Trunks by id.</summary>
    public Dictionary<string, TrunkOptions> Trunks { get; } = new(StringComparer.Ordinal);

    /// <summary>Ids of the trunks that this silo owns; empty: all (<c>Silo:Trunks=carrier-a,carrier-b</c>).</summary>
    public IReadOnlyList<string> Owned { get; set; } = [];

    /// <summary>The trunk whose prefix fits a number best; the first by id among equals. Null: no route.</summary>
    public string? Route(PhoneNumber number) =>
        Trunks
            .Select(trunk => (trunk.Key, Length: trunk.Value.Prefixes.Where(p => number.E164.StartsWith(p, StringComparison.Ordinal))
                .Select(p => p.Length).DefaultIfEmpty(-1).Max()))
            .Where(route => route.Length >= 0)
            .OrderByDescending(route => route.Length).ThenBy(route => route.Key, StringComparer.Ordinal)
            .Select(route => route.Key)
            .FirstOrDefault();
}

/// <summary>One trunk.</summary>
public sealed class TrunkOptions
{
    /// <summary>The carrier's signalling address: <c>address:port</c>.</summary>
    public string Address { get; set; } = "";

    /// <summary><c>udp</c>.</summary>
    public string Transport { get; set; } = "udp";

    /// <summary>Host part of Request-URI, From and To; the address if empty.</summary>
    public string Domain { get; set; } = "";

    /// <summary>User name for digest authentication; empty: none.</summary>
    public string Username { get; set; } = "";

    /// <summary>Password for digest authentication.</summary>
    public string Password { get; set; } = "";

    /// <summary>What stands in From: an E.164 number.</summary>
    public string CallerId { get; set; } = "";

    /// <summary>Most legs at once.</summary>
    public int MaxChannels { get; set; } = 100;

    /// <summary>E.164 prefixes that this trunk carries, longest wins; <c>+</c> carries all. Default: all.</summary>
    public List<string> Prefixes { get; } = [];

    /// <summary>Price of one second of a leg over this trunk in micro-units; below zero: no rate, its calls are refused with no_rate.</summary>
    public long RatePerSecond { get; set; }

    /// <summary>Networks that media of this trunk may come from besides the SDP's address (<c>192.0.2.0/24</c>).</summary>
    public List<string> MediaNetworks { get; } = [];
}
