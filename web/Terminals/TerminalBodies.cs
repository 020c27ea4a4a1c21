using OrleansCallback.Terminals;

namespace OrleansCallback.Web.Terminals;

/// <summary>What rings unless a callback's order says otherwise.</summary>
public enum Rings
{
    /// <summary>The stored telephone number.</summary>
    Number,
    /// <summary>A registered VoIP terminal.</summary>
    Terminal,
}

/// <summary>The VoIP terminals of a member or a merchant.</summary>
/// <param name="Domain">The domain of their addresses; empty: this site offers none.</param>
/// <param name="Rings">What rings unless a callback's order says otherwise.</param>
/// <param name="Terminals">By account.</param>
public sealed record TerminalsBody(string Domain, Rings Rings, IReadOnlyList<TerminalBody> Terminals)
{
    /// <summary>The terminals as the API shows them.</summary>
    public static TerminalsBody From(TerminalList list, bool rings) => new(
        list.Domain, rings ? Rings.Terminal : Rings.Number, [.. list.Terminals.Select(t => new TerminalBody(t.Account, t.Flows))]);
}

/// <summary>A VoIP terminal.</summary>
/// <param name="Account">The name that its phones log in with.</param>
/// <param name="Registered">How many phones are registered now.</param>
public sealed record TerminalBody(string Account, int Registered);

/// <summary>A terminal to be made.</summary>
/// <param name="Account">3 to 32 lower-case letters, digits, dots, hyphens and underscores; left out: one is made up. One of the own gets another password.</param>
public sealed record MakeTerminalBody(string? Account = null);

/// <summary>What a phone is set up with. The password is shown this once.</summary>
/// <param name="Account">The name that the phone logs in with.</param>
/// <param name="Password">The password.</param>
/// <param name="Domain">The domain, which is also the registrar.</param>
/// <param name="Server">Host and port of the outbound proxy where one is to be set; empty: the domain.</param>
/// <param name="Transport"><c>udp</c>, <c>tcp</c> or <c>tls</c>.</param>
/// <param name="Qr">The same as a QR code.</param>
public sealed record MadeTerminalBody(string Account, string Password, string Domain, string Server, string Transport, QrBody Qr)
{
    /// <summary>The terminal as the API shows it.</summary>
    public static MadeTerminalBody From(TerminalMade made) => new(
        made.Account, made.Password, made.Domain, made.Server, made.Transport,
        QrBody.Of($"sip:{made.Account}:{made.Password}@{made.Domain};transport={made.Transport}"));
}

/// <summary>What is to ring.</summary>
/// <param name="Rings">A registered terminal or the stored number.</param>
public sealed record RingsBody(Rings? Rings);
