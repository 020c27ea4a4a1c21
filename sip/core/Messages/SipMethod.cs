namespace OrleansCallback.Sip;

/// <summary>Request methods with a meaning of their own. Names are the IANA registry's.</summary>
public enum SipMethod
{
    /// <summary>A method that is not registered, or none that this library knows; answered with 501.</summary>
    Unknown,
    /// <summary>RFC 3261.</summary>
    Invite,
    /// <summary>RFC 3261.</summary>
    Ack,
    /// <summary>RFC 3261.</summary>
    Bye,
    /// <summary>RFC 3261.</summary>
    Cancel,
    /// <summary>RFC 3261.</summary>
    Options,
    /// <summary>RFC 3261.</summary>
    Register,
    /// <summary>RFC 6086.</summary>
    Info,
    /// <summary>RFC 3311.</summary>
    Update,
    /// <summary>RFC 3262.</summary>
    Prack,
    /// <summary>RFC 3515.</summary>
    Refer,
    /// <summary>RFC 6665.</summary>
    Subscribe,
    /// <summary>RFC 6665.</summary>
    Notify,
    /// <summary>RFC 3428.</summary>
    Message,
    /// <summary>RFC 3903.</summary>
    Publish,
}

/// <summary>Methods as they stand on the wire; method names are case-sensitive (RFC 3261 section 7.1).</summary>
static class SipMethods
{
    static readonly (SipMethod Method, string Text)[] Known =
    [
        (SipMethod.Invite, "INVITE"), (SipMethod.Ack, "ACK"), (SipMethod.Bye, "BYE"), (SipMethod.Cancel, "CANCEL"),
        (SipMethod.Options, "OPTIONS"), (SipMethod.Register, "REGISTER"), (SipMethod.Info, "INFO"), (SipMethod.Update, "UPDATE"),
        (SipMethod.Prack, "PRACK"), (SipMethod.Refer, "REFER"), (SipMethod.Subscribe, "SUBSCRIBE"), (SipMethod.Notify, "NOTIFY"),
        (SipMethod.Message, "MESSAGE"), (SipMethod.Publish, "PUBLISH"),
    ];

    public static SipMethod Parse(ReadOnlySpan<byte> text)
    {
        foreach (var (method, name) in Known)
        {
            if (System.Text.Ascii.Equals(text, name)) return method;
        }
        return SipMethod.Unknown;
    }

    /// <summary>The name as it stands there; a known one is no new string.</summary>
    public static string Name(ReadOnlySpan<byte> text) => Parse(text) is var method and not SipMethod.Unknown ? method.Text() : Grammar.Text(text);

    public static string Text(this SipMethod method)
    {
        foreach (var (known, name) in Known)
        {
            if (known == method) return name;
        }
        throw new ArgumentOutOfRangeException(nameof(method), method, "a method without a name cannot be sent");
    }
}
