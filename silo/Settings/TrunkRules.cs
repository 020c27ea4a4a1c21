using System.Net;
using OrleansCallback.Rates;
using OrleansCallback.Silo.Legs;
using OrleansCallback.Sip;
using OrleansCallback.Trunks;

namespace OrleansCallback.Silo.Settings;

/// <summary>What a trunk and a route must be, whether they come from the configuration or from an administrator.</summary>
public static class TrunkRules
{
    /// <summary>Most trunks of one route.</summary>
    public const int MostChoices = 16;

    /// <summary>Most entries of each list of a trunk.</summary>
    public const int MostEntries = 64;

    /// <summary>Most characters of a text.</summary>
    public const int LongestText = 256;

    /// <summary>Header fields that other settings of a trunk write.</summary>
    static readonly string[] Reserved = ["P-Asserted-Identity", "Privacy"];

    /// <summary>A prefix as routes have it: <c>49</c> and <c>+49</c> are one, <c>all</c> is <c>+</c>.</summary>
    public static string Prefix(string text) => TrunksOptions.Prefix(text);

    /// <summary>What can name a trunk. Where decks are assigned two words stand for many legs.</summary>
    public const string IdRule = "letters, digits, hyphens, dots and underscores, 1 to 64 of them, and neither 'all' nor 'terminals'";

    /// <summary>Whether a text can name a trunk.</summary>
    public static bool IsId(string id) =>
        id.Length is > 0 and <= 64 && id is not (DeckAssignment.AllTrunks or DeckAssignment.Terminals)
        && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    /// <summary>What is wrong with a trunk: each begins with the setting's name and says what to write.</summary>
    /// <param name="trunk">The trunk.</param>
    /// <param name="time">Writes a duration as it is to be written in its setting.</param>
    public static IEnumerable<string> Of(TrunkOptions trunk, Func<TimeSpan, string> time)
    {
        if (trunk.Address.AsSpan().ContainsAny(";@?") || !Target.TryParse($"sip:{trunk.Address}", out var target))
            yield return $"Address is '{trunk.Address}'; write the carrier's signalling address or name, such as 192.0.2.10:5060 or sip.example.com.";
        else if (!target.IsNamed && target.Host.Port == 0)
            yield return $"Address is '{trunk.Address}'; write the address with its port, such as 192.0.2.10:5060.";
        if (trunk.Transport.Length > 0 && !SipTransports.TryParse(trunk.Transport, out _))
            yield return $"Transport is '{trunk.Transport}'; write udp, tcp or tls, or leave it empty.";
        if (!IsHost(trunk.Domain))
            yield return $"Domain is '{trunk.Domain}'; write the host part of the carrier's addresses, or leave it empty.";
        if (trunk.MaxChannels < 1)
            yield return $"MaxChannels is {trunk.MaxChannels}; write how many legs the carrier admits at once, at least 1.";
        if (!(trunk.CallsPerSecond is 0 or (>= 0.1 and <= 10_000)))
            yield return FormattableString.Invariant(
                $"CallsPerSecond is {trunk.CallsPerSecond}; write how many new legs the carrier admits a second, from 0.1 to 10000, or 0 for no limit.");
        if (trunk.RatePerSecond < -1)
            yield return $"RatePerSecond is {trunk.RatePerSecond}; write micro-units a second, 0 for free, or -1 for no rate.";
        if (trunk.RatePerSecond > Rate.MostPerSecond)
            yield return $"RatePerSecond is {trunk.RatePerSecond}; write micro-units a second, at most {Rate.MostPerSecond}.";
        if (trunk.PingInterval < TimeSpan.Zero || trunk.PingInterval > TimeSpan.FromHours(1))
            yield return $"PingInterval is {time(trunk.PingInterval)}; write how often OPTIONS is sent, such as {time(TimeSpan.FromSeconds(30))}, or 0 for never.";
        if (!Enum.IsDefined(trunk.CallerIdFrom))
            yield return $"CallerIdFrom is {trunk.CallerIdFrom}; write site, merchant or member.";
        if (trunk.CallerIdFromA is not (null or CallerIdFrom.Site or CallerIdFrom.Merchant))
            yield return $"CallerIdFromA is {trunk.CallerIdFromA}; write site or merchant: nobody is called from the own number.";
        if (!TrunkCodecs.TryRead(trunk.Codecs, out _))
            yield return $"Codecs is '{trunk.Codecs}'; write PCMA or PCMU or both, and G722 and OPUS where the carrier has them, such as G722,PCMA.";
        if (!TrunkEncryption.TryRead(trunk.MediaEncryption, out _))
            yield return $"MediaEncryption is '{trunk.MediaEncryption}'; {TrunkEncryption.Rule}.";
        if (trunk.MediaPorts is not ("shared" or "connected"))
            yield return $"MediaPorts is '{trunk.MediaPorts}'; write shared, or connected for a socket of its own for each leg.";
        foreach (var wrong in Numbers(trunk).Concat(Texts(trunk)).Concat(TrunkAccount.WrongIn(trunk, time))) yield return wrong;
    }

    /// <summary>What is wrong with a route.</summary>
    public static IEnumerable<string> OfRoute(string prefix, IReadOnlyList<RouteChoice> choices)
    {
        if (!TrunksOptions.IsPrefix(prefix))
            yield return $"'{prefix}' is no prefix; write + and digits, such as +49, or all for all numbers.";
        if (choices.Count is 0 or > MostChoices)
            yield return $"a route has 1 to {MostChoices} trunks.";
        foreach (var choice in choices)
        {
            if (!IsId(choice.Trunk)) yield return $"'{choice.Trunk}' is no trunk; write its id.";
            if (choice.Weight is < 0 or > 10_000) yield return $"Weight is {choice.Weight}; write 0 to 10000.";
            if (choice.Priority is < 0 or > 1_000) yield return $"Priority is {choice.Priority}; write 0 to 1000.";
        }

        if (choices.DistinctBy(choice => choice.Trunk).Count() != choices.Count)
            yield return "a trunk stands in it twice.";
    }

    static IEnumerable<string> Numbers(TrunkOptions trunk)
    {
        (string Name, int Count)[] lists =
        [
            (nameof(trunk.Prefixes), trunk.Prefixes.Count), (nameof(trunk.MediaNetworks), trunk.MediaNetworks.Count),
            (nameof(trunk.Headers), trunk.Headers.Count), (nameof(trunk.Silos), trunk.Silos.Count),
        ];
        foreach (var (name, _) in lists.Where(list => list.Count > MostEntries))
            yield return $"{name} has more than {MostEntries} entries; write fewer.";
        if (trunk.CallerId.Length > 0 && (trunk.CallerId is not ['+', ..] || !TrunksOptions.IsPrefix(trunk.CallerId) || trunk.CallerId.Length < 5))
            yield return $"CallerId is '{trunk.CallerId}'; write an E.164 number such as +493023125000.";
        if (!NumberFormat.TryParse(trunk.NumberFormat, out _))
            yield return $"NumberFormat is '{trunk.NumberFormat}'; {NumberFormat.Rule}.";
        foreach (var prefix in trunk.Prefixes.Where(prefix => !TrunksOptions.IsPrefix(prefix)))
            yield return $"Prefixes has '{prefix}'; write + and digits, such as +49, or + for all numbers.";
        foreach (var network in trunk.MediaNetworks.Where(network => !IPNetwork.TryParse(network, out _)))
            yield return $"MediaNetworks has '{network}'; write a network such as 192.0.2.0/24.";
    }

    static IEnumerable<string> Texts(TrunkOptions trunk)
    {
        if (trunk.Privacy.Length > 0 && !trunk.Privacy.Split(';').All(part => part is "id" or "user" or "header" or "session" or "critical" or "none"))
            yield return $"Privacy is '{trunk.Privacy}'; write id, or leave it empty.";
        if (!IsText(trunk.UserAgent))
            yield return $"UserAgent has a line end or is longer than {LongestText} characters.";
        if (!IsText(trunk.Username) || !IsText(trunk.Password))
            yield return $"Username and Password have at most {LongestText} characters and no line end.";
        foreach (var (name, value) in trunk.Headers)
        {
            if (name.Length is 0 or > 64 || !new ExtraHeader(name, value).IsAllowed || Reserved.Contains(name, StringComparer.OrdinalIgnoreCase))
                yield return $"Headers has '{name}'; write the name of a field that this program does not write itself, such as X-Account.";
            if (!IsText(value))
                yield return $"Headers:{name} has a line end or is longer than {LongestText} characters.";
        }
    }

    static bool IsText(string text) => text.Length <= LongestText && !text.Any(char.IsControl);

    static bool IsHost(string text) => text.Length <= 255 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or ':' or '[' or ']' or '_');
}
