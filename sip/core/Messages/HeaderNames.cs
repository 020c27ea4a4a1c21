namespace OrleansCallback.Sip;

/// <summary>Names of header fields with their compact forms (RFC 3261 section 7.3.3 and the IANA registry).</summary>
static class HeaderNames
{
    static readonly (HeaderId Id, string Name, char Compact)[] Known =
    [
        (HeaderId.Via, "Via", 'v'), (HeaderId.From, "From", 'f'), (HeaderId.To, "To", 't'), (HeaderId.CallId, "Call-ID", 'i'),
        (HeaderId.CSeq, "CSeq", '\0'), (HeaderId.Contact, "Contact", 'm'), (HeaderId.MaxForwards, "Max-Forwards", '\0'),
        (HeaderId.Route, "Route", '\0'), (HeaderId.RecordRoute, "Record-Route", '\0'), (HeaderId.ContentType, "Content-Type", 'c'),
        (HeaderId.ContentLength, "Content-Length", 'l'), (HeaderId.ContentEncoding, "Content-Encoding", 'e'),
        (HeaderId.ContentDisposition, "Content-Disposition", '\0'), (HeaderId.Allow, "Allow", '\0'), (HeaderId.Accept, "Accept", '\0'),
        (HeaderId.AcceptEncoding, "Accept-Encoding", '\0'), (HeaderId.AcceptLanguage, "Accept-Language", '\0'),
        (HeaderId.Supported, "Supported", 'k'), (HeaderId.Require, "Require", '\0'), (HeaderId.ProxyRequire, "Proxy-Require", '\0'),
        (HeaderId.Unsupported, "Unsupported", '\0'), (HeaderId.Reason, "Reason", '\0'), (HeaderId.RetryAfter, "Retry-After", '\0'),
        (HeaderId.WwwAuthenticate, "WWW-Authenticate", '\0'), (HeaderId.ProxyAuthenticate, "Proxy-Authenticate", '\0'),
        (HeaderId.Authorization, "Authorization", '\0'), (HeaderId.ProxyAuthorization, "Proxy-Authorization", '\0'),
        (HeaderId.UserAgent, "User-Agent", '\0'), (HeaderId.Server, "Server", '\0'), (HeaderId.Warning, "Warning", '\0'),
        (HeaderId.Expires, "Expires", '\0'), (HeaderId.Subject, "Subject", 's'), (HeaderId.Timestamp, "Timestamp", '\0'),
        (HeaderId.PAssertedIdentity, "P-Asserted-Identity", '\0'), (HeaderId.PPreferredIdentity, "P-Preferred-Identity", '\0'),
        (HeaderId.Privacy, "Privacy", '\0'), (HeaderId.InfoPackage, "Info-Package", '\0'), (HeaderId.RecvInfo, "Recv-Info", '\0'),
        (HeaderId.Event, "Event", 'o'), (HeaderId.AllowEvents, "Allow-Events", 'u'), (HeaderId.ReferTo, "Refer-To", 'r'),
        (HeaderId.ReferredBy, "Referred-By", 'b'), (HeaderId.SessionExpires, "Session-Expires", 'x'), (HeaderId.MinSe, "Min-SE", '\0'),
        (HeaderId.RSeq, "RSeq", '\0'), (HeaderId.RAck, "RAck", '\0'), (HeaderId.Identity, "Identity", 'y'),
        (HeaderId.AuthenticationInfo, "Authentication-Info", '\0'), (HeaderId.ProxyAuthenticationInfo, "Proxy-Authentication-Info", '\0'),
        (HeaderId.MinExpires, "Min-Expires", '\0'), (HeaderId.ServiceRoute, "Service-Route", '\0'),
    ];

    static readonly (HeaderId Id, string Name)[][] ByLength = GroupByLength();
    static readonly string[] Names = [.. Enum.GetValues<HeaderId>().Select(id => Known.FirstOrDefault(k => k.Id == id).Name ?? "")];
    static readonly HeaderId[] Compacts = CompactTable();

    /// <summary>The field's canonical name; empty for <see cref="HeaderId.Other"/>.</summary>
    public static string Name(this HeaderId id) => Names[(int)id];

    public static HeaderId Find(ReadOnlySpan<byte> name)
    {
        if (name.Length == 1) return name[0] < 128 ? Compacts[name[0]] : HeaderId.Other;
        if (name.Length >= ByLength.Length) return HeaderId.Other;
        foreach (var (id, known) in ByLength[name.Length])
        {
            if (System.Text.Ascii.EqualsIgnoreCase(name, known)) return id;
        }
        return HeaderId.Other;
    }

    static (HeaderId, string)[][] GroupByLength()
    {
        var longest = Known.Max(k => k.Name.Length);
        return [.. Enumerable.Range(0, longest + 1).Select(n => Known.Where(k => k.Name.Length == n).Select(k => (k.Id, k.Name)).ToArray())];
    }

    static HeaderId[] CompactTable()
    {
        var table = new HeaderId[128];
        foreach (var (id, _, compact) in Known)
        {
            if (compact == '\0') continue;
            table[compact] = id;
            table[char.ToUpperInvariant(compact)] = id;
        }
        return table;
    }
}
