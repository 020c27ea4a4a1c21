namespace OrleansCallback.Sip;

/// <summary>What the responses to a REGISTER say (RFC 3261 section 10.2.4, RFC 3608 section 6.1).</summary>
static class RegisterAnswer
{
    /// <summary>The most routes that are kept.</summary>
    const int MaxRoutes = 16;

    /// <summary>
    /// How long our binding is good: the expires of our Contact, else of the field Expires, else what was asked. Zero when it is gone.
    /// </summary>
    public static TimeSpan Granted(SipMessage response, string contact, TimeSpan asked)
    {
        var ours = response.Addresses(HeaderId.Contact).FirstOrDefault(address => IsSame(address.Uri, contact));
        var text = ours?.Parameters["expires"] is { } own ? System.Text.Encoding.UTF8.GetBytes(own) : response.Header(HeaderId.Expires);
        return Seconds(text) ?? asked;
    }

    /// <summary>The larger time that a 423 asks for; null when it is none that we would ask for.</summary>
    public static TimeSpan? Longer(SipMessage response, TimeSpan asked) =>
        Seconds(response.Header(HeaderId.MinExpires)) is { } least && least > asked && least <= RegistrationSchedule.LongestExpires ? least : null;

    /// <summary>The service's routes in their order.</summary>
    public static IReadOnlyList<string> Routes(SipMessage response) =>
        [.. response.Addresses(HeaderId.ServiceRoute).Where(route => SipUri.TryParse(route.Uri, out _)).Take(MaxRoutes).Select(route => route.ToString())];

    /// <summary>The same user at the same host and port: what a registrar adds to the URI counts not.</summary>
    static bool IsSame(string one, string other) =>
        SipUri.TryParse(one, out var a) && SipUri.TryParse(other, out var b) && a.User == b.User
        && string.Equals(a.HostPort.ToString(), b.HostPort.ToString(), StringComparison.OrdinalIgnoreCase);

    static TimeSpan? Seconds(ReadOnlySpan<byte> text) =>
        Grammar.TryNumber(Grammar.Trim(text), uint.MaxValue, out var seconds) ? TimeSpan.FromSeconds(seconds) : null;
}
