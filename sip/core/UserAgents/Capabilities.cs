namespace OrleansCallback.Sip;

/// <summary>What we say about ourselves (RFC 3261 sections 11.2, 20.1, 20.5).</summary>
static class Capabilities
{
    public static readonly HeaderLine Allow = new(HeaderId.Allow, "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO");
    public static readonly HeaderLine Accept = new(HeaderId.Accept, MediaTypes.Sdp);
    public static readonly HeaderLine AcceptEncoding = new(HeaderId.AcceptEncoding, "identity");

    /// <summary>The answer to OPTIONS.</summary>
    public static readonly IReadOnlyList<HeaderLine> All = [Allow, Accept, AcceptEncoding, new(HeaderId.AcceptLanguage, "en")];

    /// <summary>The 415 of a body that we do not read (RFC 3261 section 21.4.13).</summary>
    public static readonly IReadOnlyList<HeaderLine> Bodies = [Accept, AcceptEncoding];

    public static bool Allows(SipMethod method) => method is SipMethod.Invite or SipMethod.Ack or SipMethod.Cancel or SipMethod.Bye
        or SipMethod.Options or SipMethod.Info;

    /// <summary>The extensions that a request requires and we lack; null when there are none (RFC 3261 section 8.2.2.3).</summary>
    public static string? Unsupported(SipMessage request)
    {
        List<string>? missing = null;
        foreach (var option in request.Values(HeaderId.Require)) (missing ??= []).Add(Grammar.Text(option));
        return missing is null ? null : string.Join(", ", missing);
    }
}
