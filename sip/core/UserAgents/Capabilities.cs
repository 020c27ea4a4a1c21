namespace OrleansCallback.Sip;

/// <summary>What we say about ourselves (RFC 3261 sections 11.2, 20.1, 20.5, 20.37).</summary>
sealed class Capabilities
{
    public const string Timer = "timer";

    public static readonly HeaderLine Allow = new(HeaderId.Allow, "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, PRACK, UPDATE");
    public static readonly HeaderLine Accept = new(HeaderId.Accept, $"{MediaTypes.Sdp}, {MediaTypes.Mixed}");
    public static readonly HeaderLine AcceptEncoding = new(HeaderId.AcceptEncoding, "identity");

    /// <summary>The 415 of a body that we do not read (RFC 3261 section 21.4.13).</summary>
    public static readonly IReadOnlyList<HeaderLine> Bodies = [Accept, AcceptEncoding];

    readonly UserAgentOptions options;

    public Capabilities(UserAgentOptions options)
    {
        this.options = options;
        Supported = SupportedWith(options.Reliable);
        All = [Allow, Accept, AcceptEncoding, new(HeaderId.AcceptLanguage, "en"), .. Supported];
    }

    /// <summary>The answer to OPTIONS.</summary>
    public IReadOnlyList<HeaderLine> All { get; }

    /// <summary>One line with our extensions, or none.</summary>
    public IReadOnlyList<HeaderLine> Supported { get; }

    /// <summary>What goes into every request that opens or changes a session.</summary>
    public IEnumerable<HeaderLine> Extensions(ReliableProvisional reliable)
    {
        foreach (var line in reliable == options.Reliable ? Supported : SupportedWith(reliable)) yield return line;
        if (reliable == ReliableProvisional.Required) yield return new(HeaderId.Require, ReliableSequence.Tag);
    }

    public static bool Allows(SipMethod method) => method is SipMethod.Invite or SipMethod.Ack or SipMethod.Cancel or SipMethod.Bye
        or SipMethod.Options or SipMethod.Info or SipMethod.Prack or SipMethod.Update;

    /// <summary>Whether a request of this method is looked at: those of calls, and REGISTER for a registrar.</summary>
    public bool Takes(SipMethod method) => Allows(method) || (method == SipMethod.Register && options.AcceptsRegisters);

    /// <summary>The extensions that a request requires and we lack; null when there are none (RFC 3261 section 8.2.2.3).</summary>
    public string? Unsupported(SipMessage request)
    {
        List<string>? missing = null;
        foreach (var option in request.Values(HeaderId.Require))
        {
            var tag = Grammar.Text(option);
            if (!Knows(tag)) (missing ??= []).Add(tag);
        }
        return missing is null ? null : string.Join(", ", missing);
    }

    bool Knows(string tag) =>
        (tag.Equals(ReliableSequence.Tag, StringComparison.OrdinalIgnoreCase) && options.Reliable != ReliableProvisional.Off)
        || (tag.Equals(Timer, StringComparison.OrdinalIgnoreCase) && options.SessionExpires is not null);

    HeaderLine[] SupportedWith(ReliableProvisional reliable)
    {
        string[] tags =
        [
            .. reliable == ReliableProvisional.Off ? (string[])[] : [ReliableSequence.Tag],
            .. options.SessionExpires is null ? (string[])[] : [Timer],
        ];
        return tags.Length == 0 ? [] : [new(HeaderId.Supported, string.Join(", ", tags))];
    }
}
