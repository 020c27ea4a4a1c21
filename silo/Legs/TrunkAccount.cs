using OrleansCallback.Sip;
using OrleansCallback.Trunks;

namespace OrleansCallback.Silo.Legs;

/// <summary>What a trunk registers as, from its settings. Two that are equal need no new registration.</summary>
/// <param name="Registrar">Request-URI: the registrar without a user.</param>
/// <param name="AddressOfRecord">What is registered.</param>
/// <param name="User">User part of Contact.</param>
/// <param name="Target">Where REGISTER is sent.</param>
/// <param name="Expires">How long a registration is asked for.</param>
/// <param name="Credentials">Digest credentials.</param>
/// <param name="Product">What stands in User-Agent; null: the product's name.</param>
sealed record TrunkAccount(string Registrar, string AddressOfRecord, string User, string Target, TimeSpan Expires, Credentials Credentials, string? Product)
{
    public static readonly TimeSpan ShortestExpires = TimeSpan.FromSeconds(5);

    static readonly TimeSpan LongestExpires = RegistrationSchedule.LongestExpires;

    /// <summary>Whether a registration of the one takes the place of the other at the registrar.</summary>
    public bool Replaces(TrunkAccount other) => (Registrar, AddressOfRecord, User) == (other.Registrar, other.AddressOfRecord, other.User);

    /// <summary>The account of a trunk that has been checked; null: it does not register.</summary>
    public static TrunkAccount? Of(TrunkOptions trunk)
    {
        if (!trunk.Registers || RegistrarOf(trunk) is not { } registrar) return null;
        var user = registrar.User.Length > 0 ? registrar.User : trunk.Username;
        // The port belongs to where the registrar is, not to whom it serves (RFC 3261 section 10.2, To).
        var domain = trunk.Domain.Length > 0 && trunk.Domain != trunk.Address ? trunk.Domain : (registrar.HostPort with { Port = 0 }).ToString();
        return new(
            (registrar with { User = "" }).ToString(), $"{registrar.Scheme}:{user}@{domain}", user, TargetOf(trunk, registrar), trunk.RegisterExpires,
            new(trunk.Username, trunk.Password), trunk.UserAgent.Length > 0 ? trunk.UserAgent : null);
    }

    /// <summary>What is wrong with a trunk's settings of registration.</summary>
    public static IEnumerable<string> WrongIn(TrunkOptions trunk, Func<TimeSpan, string> time)
    {
        if (!trunk.Registers) yield break;
        if (RegistrarOf(trunk) is not { Password: "", Headers: "" } registrar)
            yield return $"Register is '{trunk.Register}'; write true, or the registrar's URI such as sip:registrar.example.com.";
        else if (trunk.Username.Length == 0 || !SipUri.TryParse($"sip:{trunk.Username}@host", out _))
            yield return "Register needs Username; write the user name of the account that is registered.";
        else if (IsUri(trunk) && Sip.Target.Of(registrar) is { IsNamed: false, Host.Port: 0 })
            yield return $"Register is '{trunk.Register}'; write the address with its port, such as sip:192.0.2.10:5060.";
        if (trunk.RegisterExpires < ShortestExpires || trunk.RegisterExpires > LongestExpires)
            yield return $"RegisterExpires is {time(trunk.RegisterExpires)}; write a time from {time(ShortestExpires)} to {time(LongestExpires)}.";
    }

    static bool IsUri(TrunkOptions trunk) => !trunk.Register.Equals("true", StringComparison.OrdinalIgnoreCase);

    static SipUri? RegistrarOf(TrunkOptions trunk)
    {
        var text = IsUri(trunk) ? trunk.Register : $"sip:{(trunk.Domain.Length > 0 ? trunk.Domain : trunk.Address)}";
        return text.Length <= Settings.TrunkRules.LongestText && SipUri.TryParse(text, out var uri) ? uri : null;
    }

    /// <summary>A registrar that is named is asked itself, by the trunk's transport unless it names its own; else the trunk's address is.</summary>
    static string TargetOf(TrunkOptions trunk, SipUri registrar)
    {
        if (!IsUri(trunk)) return trunk.Target;
        var target = Sip.Target.Of(registrar);
        return (target.Transport is null && !target.IsSecure && SipTransports.TryParse(trunk.Transport, out var transport)
            ? target with { Transport = transport } : target).ToString();
    }
}
