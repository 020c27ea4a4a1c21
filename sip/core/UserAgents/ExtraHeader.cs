namespace OrleansCallback.Sip;

/// <summary>
/// A header line that goes out as it is: one that a trunk asks for, or one that is passed over untouched, such as Diversion (RFC 5806) and
/// History-Info (RFC 7044).
/// </summary>
/// <param name="Name">The field's name.</param>
/// <param name="Value">Its value; line ends in it become blanks.</param>
public sealed record ExtraHeader(string Name, string Value)
{
    /// <summary>The fields that tell by which ways a call has come (RFC 5806, RFC 7044).</summary>
    public static IReadOnlyList<string> OfForwarding { get; } = ["Diversion", "History-Info"];

    /// <summary>What the user agent writes itself: a second line of these would contradict the first.</summary>
    static readonly HashSet<HeaderId> Reserved =
    [
        HeaderId.Via, HeaderId.From, HeaderId.To, HeaderId.CallId, HeaderId.CSeq, HeaderId.Contact, HeaderId.MaxForwards, HeaderId.Route,
        HeaderId.RecordRoute, HeaderId.ContentType, HeaderId.ContentLength, HeaderId.ContentEncoding, HeaderId.Allow, HeaderId.Accept,
        HeaderId.Supported, HeaderId.Require, HeaderId.ProxyRequire, HeaderId.Authorization, HeaderId.ProxyAuthorization, HeaderId.UserAgent,
        HeaderId.SessionExpires, HeaderId.MinSe, HeaderId.RSeq, HeaderId.RAck,
    ];

    /// <summary>True when the name is a token and not that of a field that the user agent writes itself.</summary>
    public bool IsAllowed
    {
        get
        {
            var name = System.Text.Encoding.UTF8.GetBytes(Name);
            return Grammar.IsToken(name) && !Reserved.Contains(HeaderNames.Find(name));
        }
    }

    /// <summary>The lines of a message with one of these names, in their order, byte for byte.</summary>
    public static IReadOnlyList<ExtraHeader> Of(SipMessage message, IReadOnlyList<string> names)
    {
        var list = new List<ExtraHeader>();
        for (var i = 0; i < message.HeaderCount; i++)
        {
            var name = Grammar.Text(message.HeaderNameAt(i));
            if (names.Contains(name, StringComparer.OrdinalIgnoreCase)) list.Add(new ExtraHeader(name, Grammar.Text(message.HeaderValueAt(i))));
        }
        return list;
    }
}
