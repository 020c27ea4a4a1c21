using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using OrleansCallback.Silo.Settings;
using OrleansCallback.Trunks;

namespace OrleansCallback.Web.Administration;

/// <summary>A trunk as its administrator writes it. What is left out stays as it is, for a new trunk at its default.</summary>
/// <param name="Address">The carrier's signalling address: <c>192.0.2.10:5060</c>; needed for a new trunk.</param>
/// <param name="Transport">How it is reached.</param>
/// <param name="Domain">Host part of Request-URI, From and To; empty: the address.</param>
/// <param name="Username">User name for digest authentication; empty: none.</param>
/// <param name="Password">Password for digest authentication. It is never shown again.</param>
/// <param name="CallerId">The site's own number on this trunk, E.164.</param>
/// <param name="CallerIdFrom">Whose number who is rung sees.</param>
/// <param name="AssertedIdentity">Whether the number shown also stands in P-Asserted-Identity.</param>
/// <param name="Privacy">Value of Privacy: <c>id</c>, or empty.</param>
/// <param name="NumberFormat">e164, digits, national:49, or prefix:9900.</param>
/// <param name="Codecs">Codecs: <c>PCMA,PCMU</c> in the order of preference, also <c>G722</c> and <c>OPUS</c>.</param>
/// <param name="Headers">Header fields that each INVITE carries besides.</param>
/// <param name="UserAgent">What stands in User-Agent; empty: the product's name.</param>
/// <param name="MaxChannels">Most legs at once.</param>
/// <param name="CallsPerSecond">Most new legs a second; 0: no limit.</param>
/// <param name="RatePerSecond">Price of a second in micro-units; -1: no rate, it carries nothing.</param>
/// <param name="Prefixes">Prefixes that lead to it where no route is written: <c>+49</c>; <c>+</c>: all numbers; none, as for a new trunk: routes alone do.</param>
/// <param name="MediaNetworks">Networks that its audio may come from besides the address that it names.</param>
/// <param name="PingSeconds">How often OPTIONS asks whether it is there; 0: never.</param>
/// <param name="Silos">Names of silos that own it besides those whose own setting says so.</param>
/// <param name="Register"><c>true</c>: registers at the trunk; a SIP URI: at that registrar; empty: not at all.</param>
/// <param name="RegisterExpiresSeconds">How long a registration is asked for.</param>
/// <param name="MediaEncryption">Whether audio is encrypted: off, preferred or required.</param>
/// <param name="CallerIdFromA">Whose number the member sees where it is another than the merchant's phone is shown: site or merchant.</param>
/// <param name="MediaPorts">RTP ports: shared, or connected for a socket of its own for each leg.</param>
public sealed record PutTrunkBody(
    string? Address = null,
    string? Transport = null,
    string? Domain = null,
    string? Username = null,
    string? Password = null,
    string? CallerId = null,
    CallerIdFrom? CallerIdFrom = null,
    bool? AssertedIdentity = null,
    string? Privacy = null,
    string? NumberFormat = null,
    string? Codecs = null,
    IReadOnlyDictionary<string, string>? Headers = null,
    string? UserAgent = null,
    int? MaxChannels = null,
    double? CallsPerSecond = null,
    long? RatePerSecond = null,
    IReadOnlyList<string>? Prefixes = null,
    IReadOnlyList<string>? MediaNetworks = null,
    double? PingSeconds = null,
    IReadOnlyList<string>? Silos = null,
    string? Register = null,
    double? RegisterExpiresSeconds = null,
    string? MediaEncryption = null,
    CallerIdFrom? CallerIdFromA = null,
    string? MediaPorts = null)
{
    static readonly IReadOnlyList<string> Settings = [.. typeof(TrunkOptions).GetProperties().Select(setting => setting.Name)];

    /// <summary>What is wrong with the body itself, so that no trunk can be made of it; null: nothing.</summary>
    public string? Wrong() => this switch
    {
        { Password: { } password } when password.Length > TrunkRules.LongestText || password.Any(char.IsControl) =>
            $"password has at most {TrunkRules.LongestText} characters and no line end.",
        _ when HasNull(Prefixes) => "prefixes has null; write + and digits, such as +49.",
        _ when HasNull(MediaNetworks) => "media_networks has null; write a network such as 192.0.2.0/24.",
        _ when HasNull(Silos) => "silos has null; write the name of a silo.",
        _ when HasNull(Headers?.Values) => "headers has null; write the field's value.",
        _ => null,
    };

    /// <summary>A duration as the API has it.</summary>
    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString(CultureInfo.InvariantCulture);

    /// <summary>A complaint in the names of this body in place of those of the settings.</summary>
    public static string InNamesOfTheApi(string complaint) => Settings.Aggregate(complaint, (text, setting) => Regex.Replace(text, $@"\b{setting}\b", setting switch
    {
        nameof(TrunkOptions.PingInterval) => "ping_seconds",
        nameof(TrunkOptions.RegisterExpires) => "register_expires_seconds",
        _ => JsonNamingPolicy.SnakeCaseLower.ConvertName(setting),
    }));

    /// <summary>The trunk as it will be; its password goes beside it.</summary>
    public TrunkOptions Over(TrunkOptions? now)
    {
        now ??= new();
        var address = Address ?? now.Address;
        return new()
        {
            Address = address,
            Transport = Transport ?? now.Transport,
            Domain = Domain ?? (now.Domain == now.Address ? address : now.Domain),
            Username = Username ?? now.Username,
            CallerId = CallerId ?? now.CallerId,
            CallerIdFrom = CallerIdFrom ?? now.CallerIdFrom,
            AssertedIdentity = AssertedIdentity ?? now.AssertedIdentity,
            Privacy = Privacy ?? now.Privacy,
            NumberFormat = NumberFormat ?? now.NumberFormat,
            Codecs = Codecs ?? now.Codecs,
            Headers = Headers is null ? now.Headers : new(Headers),
            UserAgent = UserAgent ?? now.UserAgent,
            MaxChannels = MaxChannels ?? now.MaxChannels,
            CallsPerSecond = CallsPerSecond ?? now.CallsPerSecond,
            RatePerSecond = RatePerSecond ?? now.RatePerSecond,
            Prefixes = Prefixes is null ? now.Prefixes : [.. Prefixes.Select(TrunkRules.Prefix)],
            MediaNetworks = MediaNetworks is null ? now.MediaNetworks : [.. MediaNetworks],
            PingInterval = PingSeconds is { } seconds ? TimeSpan.FromSeconds(Math.Clamp(seconds, -1, 86_400)) : now.PingInterval,
            Silos = Silos is null ? now.Silos : [.. Silos],
            Register = Register ?? now.Register,
            RegisterExpires = RegisterExpiresSeconds is { } expires ? TimeSpan.FromSeconds(Math.Clamp(expires, 0, 1_000_000)) : now.RegisterExpires,
            MediaEncryption = MediaEncryption ?? now.MediaEncryption,
            CallerIdFromA = CallerIdFromA ?? now.CallerIdFromA,
            MediaPorts = MediaPorts ?? now.MediaPorts,
        };
    }

    static bool HasNull(IEnumerable<string>? texts) => texts?.Any(text => text is null) == true;
}

/// <summary>A trunk as its administrator sees it, without its password.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Source"><c>configuration</c>, or <c>stored</c> by an administrator.</param>
/// <param name="Condition">How it does where it does best; null: no silo owns it.</param>
/// <param name="Owners">The silos that own it.</param>
/// <param name="Address">The carrier's signalling address.</param>
/// <param name="Transport">How it is reached.</param>
/// <param name="Domain">Host part of Request-URI, From and To.</param>
/// <param name="Username">User name for digest authentication.</param>
/// <param name="HasPassword">Whether it has a password.</param>
/// <param name="CallerId">The site's own number on this trunk.</param>
/// <param name="CallerIdFrom">Whose number who is rung sees.</param>
/// <param name="AssertedIdentity">Whether it also stands in P-Asserted-Identity.</param>
/// <param name="Privacy">Value of Privacy.</param>
/// <param name="NumberFormat">How numbers are written.</param>
/// <param name="Codecs">Codecs in the order of preference.</param>
/// <param name="Headers">Header fields that each INVITE carries besides.</param>
/// <param name="UserAgent">What stands in User-Agent.</param>
/// <param name="MaxChannels">Most legs at once.</param>
/// <param name="CallsPerSecond">Most new legs a second.</param>
/// <param name="RatePerSecond">Price of a second in micro-units.</param>
/// <param name="Prefixes">Prefixes that lead to it.</param>
/// <param name="MediaNetworks">Networks that its audio may come from.</param>
/// <param name="PingSeconds">How often OPTIONS is sent.</param>
/// <param name="Silos">Names of silos that own it besides.</param>
/// <param name="Register">Where it registers: <c>true</c>, a registrar's URI, or empty.</param>
/// <param name="RegisterExpiresSeconds">How long a registration is asked for.</param>
/// <param name="MediaEncryption">Whether audio is encrypted.</param>
/// <param name="CallerIdFromA">Whose number the member sees; null: as caller_id_from says.</param>
/// <param name="MediaPorts">RTP ports: shared or connected.</param>
public sealed record TrunkBody(
    string Id,
    string Source,
    TrunkCondition? Condition,
    IReadOnlyList<TrunkOwnerBody> Owners,
    string Address,
    string Transport,
    string Domain,
    string Username,
    bool HasPassword,
    string CallerId,
    CallerIdFrom CallerIdFrom,
    bool AssertedIdentity,
    string Privacy,
    string NumberFormat,
    string Codecs,
    IReadOnlyDictionary<string, string> Headers,
    string UserAgent,
    int MaxChannels,
    double CallsPerSecond,
    long RatePerSecond,
    IReadOnlyList<string> Prefixes,
    IReadOnlyList<string> MediaNetworks,
    double PingSeconds,
    IReadOnlyList<string> Silos,
    string Register,
    double RegisterExpiresSeconds,
    string MediaEncryption,
    CallerIdFrom? CallerIdFromA,
    string MediaPorts)
{
    /// <summary>The trunk as the API shows it.</summary>
    public static TrunkBody From(ListedTrunk listed, IReadOnlyList<TrunkOwner> owners)
    {
        var trunk = listed.Trunk;
        return new(
            listed.Id, listed.Stored ? "stored" : "configuration", owners.Count == 0 ? null : owners.Min(owner => owner.Condition),
            [.. owners.Select(TrunkOwnerBody.From)], trunk.Address, trunk.Transport, trunk.Domain, trunk.Username, listed.HasPassword, trunk.CallerId,
            trunk.CallerIdFrom, trunk.AssertedIdentity, trunk.Privacy, trunk.NumberFormat, trunk.Codecs, trunk.Headers, trunk.UserAgent,
            trunk.MaxChannels, trunk.CallsPerSecond, trunk.RatePerSecond, trunk.Prefixes, trunk.MediaNetworks, trunk.PingInterval.TotalSeconds, trunk.Silos,
            trunk.Register, trunk.RegisterExpires.TotalSeconds, trunk.MediaEncryption, trunk.CallerIdFromA, trunk.MediaPorts);
    }
}

/// <summary>A silo that owns a trunk.</summary>
/// <param name="Silo">The silo's address.</param>
/// <param name="Condition">How the trunk does there.</param>
/// <param name="RetryAfterSeconds">No new leg goes out there for so long; null: they do.</param>
/// <param name="Channels">Its share of the channels.</param>
/// <param name="UsedChannels">Its legs, up to 10 s ago.</param>
/// <param name="Draining">It takes no new legs.</param>
/// <param name="Registration">Its registration with the carrier; null: the trunk wants none.</param>
public sealed record TrunkOwnerBody(
    string Silo, TrunkCondition Condition, double? RetryAfterSeconds, int Channels, int UsedChannels, bool Draining, TrunkRegistrationBody? Registration)
{
    /// <summary>The owner as the API shows it.</summary>
    public static TrunkOwnerBody From(TrunkOwner owner) =>
        new(owner.Silo, owner.Condition, owner.Pause?.TotalSeconds, owner.Channels, owner.UsedChannels, owner.Withdrawn,
            TrunkRegistrationBody.From(owner.Registration));
}

/// <summary>A silo's registration with a carrier.</summary>
/// <param name="State">Whether the carrier knows it; a trunk that is not registered takes no call.</param>
/// <param name="Code">The carrier's last final response; null: none came.</param>
/// <param name="Reason">What the last answer means; empty while all is well.</param>
/// <param name="ExpiresAt">When it lapses unless it is refreshed.</param>
/// <param name="NextAt">When the carrier is asked again.</param>
public sealed record TrunkRegistrationBody(
    TrunkRegistrationState State, int? Code, string Reason, DateTimeOffset? ExpiresAt, DateTimeOffset? NextAt)
{
    /// <summary>The registration as the API shows it.</summary>
    public static TrunkRegistrationBody? From(TrunkRegistration? held) =>
        held is null ? null : new(held.State, held.Code, held.Reason, held.ExpiresAt, held.NextAt);
}

/// <summary>All trunks of a site.</summary>
/// <param name="Trunks">By id.</param>
/// <param name="Version">Rises with each change; the metric <c>callback_trunk_version</c> of each silo says which one is in force there.</param>
public sealed record TrunkListBody(IReadOnlyList<TrunkBody> Trunks, long Version);

/// <summary>A route as its administrator writes it.</summary>
/// <param name="Trunks">Its trunks; those of the lowest priority are tried first.</param>
public sealed record PutRouteBody(IReadOnlyList<RouteChoiceBody>? Trunks);

/// <summary>One trunk of a route.</summary>
/// <param name="Trunk">Its id.</param>
/// <param name="Priority">Lower ones are tried first.</param>
/// <param name="Weight">Among those of one priority: how often it comes first, in proportion.</param>
public sealed record RouteChoiceBody(string? Trunk, int Priority = 0, int Weight = 1);

/// <summary>A route as its administrator sees it.</summary>
/// <param name="Prefix">The prefix of the numbers: <c>+49</c>; <c>+</c>: all.</param>
/// <param name="Source"><c>configuration</c>, or <c>stored</c> by an administrator.</param>
/// <param name="Trunks">Its trunks.</param>
public sealed record RouteBody(string Prefix, string Source, IReadOnlyList<RouteChoiceBody> Trunks)
{
    /// <summary>The route as the API shows it.</summary>
    public static RouteBody From(ListedRoute route) => new(
        route.Prefix, route.Stored ? "stored" : "configuration",
        [.. route.Choices.Select(choice => new RouteChoiceBody(choice.Trunk, choice.Priority, choice.Weight))]);
}

/// <summary>All routes of a site; a trunk's own prefixes count where no route is written.</summary>
/// <param name="Routes">By prefix.</param>
public sealed record RouteListBody(IReadOnlyList<RouteBody> Routes);
