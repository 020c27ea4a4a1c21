namespace OrleansCallback.Trunks;

/// <summary>
/// The trunks and routes of a site as configuration, the same on every silo: <c>Trunks:carrier-a:Address=192.0.2.10:5060</c>,
/// <c>Routes:+49:0:Trunk=carrier-a</c>. Which trunks a silo owns stands in <see cref="Owned"/>.
/// </summary>
public sealed class TrunksOptions
{
    /// <summary>Trunks by id.</summary>
    public Dictionary<string, TrunkOptions> Trunks { get; } = new(StringComparer.Ordinal);

    /// <summary>Explicit routes by prefix; a prefix of a trunk counts where there is none for it.</summary>
    public Dictionary<string, List<RouteChoice>> Routes { get; } = new(StringComparer.Ordinal);

    /// <summary>Ids of the trunks that this silo owns (<c>Silo:Trunks=carrier-a,carrier-b</c>); empty: all, those that come later too.</summary>
    public IReadOnlyList<string> Owned { get; set; } = [];

    /// <summary>Price of a second of a leg to a registered terminal in micro-units (<c>Terminals:RatePerSecond</c>).</summary>
    public long TerminalRatePerSecond { get; set; }

    /// <summary>Transports that this silo speaks (<c>Sip:Transports</c>); none are known: a trunk may have any.</summary>
    public IReadOnlyList<string> Transports { get; set; } = [];

    /// <summary>This silo's name, for trunks that name their silos.</summary>
    public string SiloName { get; set; } = "";

    /// <summary>A prefix as the route table has it: <c>49</c> and <c>+49</c> are one, <c>all</c> is <c>+</c>.</summary>
    public static string Prefix(string text) => text is "" or "all" ? RouteTable.All : text[0] == '+' ? text : '+' + text;

    /// <summary>Whether a text is a prefix of telephone numbers.</summary>
    public static bool IsPrefix(string prefix) =>
        prefix is ['+', ..] && prefix.Length <= 16 && prefix.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;
}
