using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using OrleansCallback.Calls;
using OrleansCallback.Silo.Prompts;
using OrleansCallback.Trunks;

namespace OrleansCallback.Silo.Settings;

/// <summary>Says at start which setting is wrong and what to write instead.</summary>
sealed class SiloSettingsValidation(IHostEnvironment environment) : IValidateOptions<SiloSettings>
{
    public ValidateOptionsResult Validate(string? name, SiloSettings settings)
    {
        var errors = new List<string>();
        if (!IPAddress.TryParse(settings.Address, out var address))
            errors.Add($"Silo:Address is '{settings.Address}'; write the IP address at which other silos reach this one, such as 10.0.0.5.");
        else if (!environment.IsDevelopment() && !PrivateNetwork.Contains(address))
            errors.Add($"Silo:Address is {address}, a public address. Silo ports carry no authentication of their own: "
                + "write an address of a private network (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, fc00::/7 or loopback).");
        if (settings.Port is < 0 or > 65535)
            errors.Add($"Silo:Port is {settings.Port}; write a port from 1 to 65535, or 0 for a free one.");
        if (settings.GatewayPort is < 0 or > 65535)
            errors.Add($"Silo:GatewayPort is {settings.GatewayPort}; write a port from 1 to 65535, or 0 for a free one.");
        if (settings.DrainLimit < TimeSpan.Zero)
            errors.Add($"Silo:DrainLimit is {settings.DrainLimit}; write a duration such as 00:10:00.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}

sealed class MediaSettingsValidation : IValidateOptions<MediaSettings>
{
    public ValidateOptionsResult Validate(string? name, MediaSettings settings)
    {
        var errors = new List<string>();
        errors.AddRange(Addresses(settings));
        if (settings.FirstPort is < 1024 or > 65534 || settings.FirstPort % 2 != 0)
            errors.Add($"Media:FirstPort is {settings.FirstPort}; write an even port from 1024 to 65534.");
        if (settings.LastPort <= settings.FirstPort || settings.LastPort > 65535)
            errors.Add($"Media:LastPort is {settings.LastPort}; write a port above Media:FirstPort ({settings.FirstPort}), at most 65535.");
        errors.AddRange(Limits(settings));
        if (settings.HoldAudio.Length > 0 && !File.Exists(settings.HoldAudio))
            errors.Add($"Media:HoldAudio names '{settings.HoldAudio}', which is no file; write the path of a G.711 or WAV file, or leave it empty.");
        if (!PromptLibrary.TryLoad(settings, out _, out var wrong)) errors.Add(wrong);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    static IEnumerable<string> Limits(MediaSettings settings)
    {
        if (settings.Threads is < 1 or > 64) yield return $"Media:Threads is {settings.Threads}; write 1 to 64: one carries some 1,000 calls.";
        if (settings.MaxLegs < 1) yield return $"Media:MaxLegs is {settings.MaxLegs}; write how many legs may be up at once, at least 1.";
        if (settings.SharedPorts is < 0 or > 4096) yield return $"Media:SharedPorts is {settings.SharedPorts}; write 0 to 4096 ports.";
        if (settings.SourceRate is < 50 or > 100_000)
            yield return $"Media:SourceRate is {settings.SourceRate}; write packets a second of one party, from 50 to 100000.";
        if (settings.PortQuarantine < TimeSpan.Zero || settings.PortQuarantine > TimeSpan.FromHours(1))
            yield return $"Media:PortQuarantine is {settings.PortQuarantine}; write 00:00:00 to 01:00:00, such as 00:01:00.";
    }

    static IEnumerable<string> Addresses(MediaSettings settings)
    {
        if (!TryRead(settings.BoundAddresses, out var bound) || bound.Count == 0)
        {
            yield return $"Media:Address is '{settings.Address}'; write the IP address that RTP ports bind to, or one of IPv4 and one of IPv6 with a comma between.";
            yield break;
        }

        if (!TryRead(settings.AdvertisedAddresses, out var advertised))
        {
            yield return $"Media:AdvertisedAddress is '{settings.AdvertisedAddress}'; write the IP address that phones send RTP to, one of each family at most, or "
                + "leave it empty.";
            yield break;
        }

        foreach (var everywhere in bound.Where(address => PrivateNetwork.IsWildcard(address) && !advertised.Any(a => a.AddressFamily == address.AddressFamily)))
            yield return $"Media:Address is {everywhere}, every address of this machine; write in Media:AdvertisedAddress the one that phones send RTP to.";
        foreach (var unbound in advertised.Where(address => !bound.Any(b => b.AddressFamily == address.AddressFamily)))
            yield return $"Media:AdvertisedAddress has {unbound}, and Media:Address ({settings.Address}) no address of its family; write one there too, such as 0.0.0.0,::.";
    }

    /// <summary>Reads addresses, at most one of a family.</summary>
    static bool TryRead(IReadOnlyList<string> texts, out IReadOnlyList<IPAddress> addresses)
    {
        addresses = [.. texts.Select(text => IPAddress.TryParse(text, out var address) ? address : null).OfType<IPAddress>()];
        return addresses.Count == texts.Count && addresses.DistinctBy(address => address.AddressFamily).Count() == texts.Count;
    }
}

sealed class CallOptionsValidation : IValidateOptions<CallOptions>
{
    public ValidateOptionsResult Validate(string? name, CallOptions options)
    {
        var errors = new List<string>();
        if (options.RingLimitA <= TimeSpan.Zero || options.RingLimitA > LongestRing)
            errors.Add($"Calls:RingLimitA is {options.RingLimitA}; write how long the member's phone may ring, up to {LongestRing}.");
        if (options.RingLimitB <= TimeSpan.Zero || options.RingLimitB > LongestRing)
            errors.Add($"Calls:RingLimitB is {options.RingLimitB}; write how long the merchant's phone may ring, up to {LongestRing}.");
        if (options.ResponseLimit <= TimeSpan.Zero)
            errors.Add($"Calls:ResponseLimit is {options.ResponseLimit}; write after how long a trunk that answers nothing is passed over, such as 00:00:05.");
        if (options.MaxDuration < TimeSpan.Zero)
            errors.Add($"Calls:MaxDuration is {options.MaxDuration}; write the longest time of a call, such as 04:00:00, or 0 for no limit.");
        if (options.LowCreditWarning < TimeSpan.Zero)
            errors.Add($"Calls:LowCreditWarning is {options.LowCreditWarning}; write how long before the end the member is told, such as 00:00:15, or 0 for never.");
        if (options.Slice < TimeSpan.FromSeconds(1))
            errors.Add($"Calls:Slice is {options.Slice}; write how much paid time a call holds at once, at least 00:00:01.");
        if (options.RenewWhenLeft <= TimeSpan.Zero)
            errors.Add($"Calls:RenewWhenLeft is {options.RenewWhenLeft}; write how much of a whole slice is left when it is renewed, such as 00:01:15.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    /// <summary>Below the user agent's own limit, so that this one is the one that acts.</summary>
    static readonly TimeSpan LongestRing = TimeSpan.FromMinutes(3);
}

/// <summary>Addresses that cannot be reached from the Internet (RFC 1918, RFC 6598, RFC 4193, loopback, link-local).</summary>
static class PrivateNetwork
{
    static readonly IPNetwork[] Networks =
    [
        IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("fc00::/7"), IPNetwork.Parse("fe80::/10"), IPNetwork.Parse("::1/128"),
    ];

    public static bool IsWildcard(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    public static bool Contains(IPAddress address) =>
        Array.Exists(Networks, network => network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address))
        || (address.AddressFamily == AddressFamily.InterNetworkV6 && address.IsIPv4MappedToIPv6 && Contains(address.MapToIPv4()));
}
