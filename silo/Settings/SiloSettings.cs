using System.Net;
using OrleansCallback.Sip.Net.Media;

namespace OrleansCallback.Silo.Settings;

/// <summary>What every program of one cluster agrees on: <c>Site</c>, <c>Region</c>, <c>Currency</c>.</summary>
public sealed class SiteSettings
{
    /// <summary>The tenant that this cluster serves.</summary>
    public string Site { get; set; } = "main";

    /// <summary>ISO 3166 region in whose notation numbers without a country code are read.</summary>
    public string Region { get; set; } = "DE";

    /// <summary>ISO 4217 currency of new wallets.</summary>
    public string Currency { get; set; } = "EUR";
}

/// <summary>This silo in its cluster: section <c>Silo</c>.</summary>
public sealed class SiloSettings
{
    /// <summary>Name in logs, metrics and the cluster's membership; the machine's name if empty.</summary>
    public string Name { get; set; } = "";

    /// <summary>Address that other silos and web nodes reach this silo at.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Port for other silos; 0 takes a free one.</summary>
    public int Port { get; set; } = 11111;

    /// <summary>Port for web nodes; 0 takes a free one.</summary>
    public int GatewayPort { get; set; } = 30000;

    /// <summary>Ids of the trunks that this silo owns, separated by commas; empty: all.</summary>
    public string Trunks { get; set; } = "";

    /// <summary>How long a stopping silo waits for its live calls to end before it hangs them up.</summary>
    public TimeSpan DrainLimit { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The trunks of <see cref="Trunks"/> one by one.</summary>
    public IReadOnlyList<string> OwnedTrunks => Trunks.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>RTP: section <c>Media</c>.</summary>
public sealed class MediaSettings
{
    /// <summary>Address that RTP ports are bound to; one of IPv4 and one of IPv6 with a comma between them for carriers of both.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Address that stands in SDP where it differs from the bound one of its family; one of each as in <see cref="Address"/>.</summary>
    public string AdvertisedAddress { get; set; } = "";

    /// <summary>First RTP port, even.</summary>
    public int FirstPort { get; set; } = 20000;

    /// <summary>Last port of the pool.</summary>
    public int LastPort { get; set; } = 29999;

    /// <summary>Threads that audio has for itself; one carries some 1,000 calls.</summary>
    public int Threads { get; set; } = 1;

    /// <summary>Legs that may be up at once; who comes beyond is refused.</summary>
    public int MaxLegs { get; set; } = 10_000;

    /// <summary>Ports of each thread that legs of trunks may share; 0: every leg has its own.</summary>
    public int SharedPorts { get; set; } = 256;

    /// <summary>Packets a second that are taken from one party; what is more is dropped and counted.</summary>
    public int SourceRate { get; set; } = 400;

    /// <summary>For how long a port of an ended leg rests after the last packet that came to it.</summary>
    public TimeSpan PortQuarantine { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>File with hold audio: raw G.711 (<c>.ulaw</c>, <c>.alaw</c>) or WAV at 8 kHz mono; a ring-back tone if empty.</summary>
    public string HoldAudio { get; set; } = "";

    /// <summary>Folder with recordings in place of the program's own, in one folder a language: <c>zh/wait.ulaw</c>; empty: none.</summary>
    public string Prompts { get; set; } = "";

    /// <summary>What is spoken where neither the member nor the merchant has a language: <c>en</c>, <c>zh</c>, or one of <see cref="Prompts"/>.</summary>
    public string PromptLanguage { get; set; } = "en";

    internal IReadOnlyList<string> BoundAddresses => SipSettings.Split(Address);

    internal IReadOnlyList<string> AdvertisedAddresses => SipSettings.Split(AdvertisedAddress);

    internal IReadOnlyList<MediaAddress> MediaAddresses
    {
        get
        {
            var advertised = AdvertisedAddresses.Select(IPAddress.Parse).ToList();
            return [.. BoundAddresses.Select(IPAddress.Parse).Select(bound =>
                new MediaAddress(bound, advertised.FirstOrDefault(address => address.AddressFamily == bound.AddressFamily)))];
        }
    }
}
