namespace OrleansCallback.Sip;

/// <summary>
/// One parsed SIP message: a private copy of its bytes with the places of its header lines. Typed parts that every message must have
/// are parsed once; the rest is parsed when asked for. Immutable.
/// </summary>
public sealed class SipMessage
{
    readonly byte[] buffer;
    readonly HeaderField[] fields;
    readonly Range startText;

    internal SipMessage(byte[] buffer, HeaderField[] fields, StartLine start, Range body)
    {
        this.buffer = buffer;
        this.fields = fields;
        startText = start.Text;
        IsRequest = start.IsRequest;
        Method = start.Method;
        MethodName = start.MethodName;
        StatusCode = start.StatusCode;
        Body = buffer.AsMemory(body);
    }

    /// <summary>True for a request, false for a response.</summary>
    public bool IsRequest { get; }

    /// <summary>The request's method; for a response the method in its CSeq.</summary>
    public SipMethod Method { get; private set; }

    /// <summary>The method as it stands on the wire; for a response that of CSeq.</summary>
    public string MethodName { get; private set; }

    /// <summary>100 to 699 for a response, 0 for a request.</summary>
    public int StatusCode { get; }

    /// <summary>The Request-URI; empty for a response.</summary>
    public ReadOnlySpan<byte> RequestUri => IsRequest ? buffer.AsSpan(startText) : default;

    /// <summary>The reason phrase; empty for a request.</summary>
    public ReadOnlySpan<byte> Phrase => IsRequest ? default : buffer.AsSpan(startText);

    /// <summary>The body, cut to Content-Length when that is given.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The topmost Via; null only in a message that failed to parse.</summary>
    public Via? TopVia { get; private set; }

    /// <summary>From; null only in a message that failed to parse.</summary>
    public NameAddress? From { get; private set; }

    /// <summary>To; null only in a message that failed to parse.</summary>
    public NameAddress? To { get; private set; }

    /// <summary>Call-ID; empty only in a message that failed to parse.</summary>
    public string CallId { get; private set; } = "";

    /// <summary>CSeq; null only in a message that failed to parse.</summary>
    public CSeq? CSeq { get; private set; }

    /// <summary>Number of header lines.</summary>
    public int HeaderCount => fields.Length;

    /// <summary>Which field the header line at <paramref name="index"/> is.</summary>
    public HeaderId HeaderIdAt(int index) => fields[index].Id;

    /// <summary>The name of the header line at <paramref name="index"/> as it was sent.</summary>
    public ReadOnlySpan<byte> HeaderNameAt(int index) => buffer.AsSpan(fields[index].NameStart, fields[index].NameLength);

    /// <summary>The unfolded, trimmed value of the header line at <paramref name="index"/>.</summary>
    public ReadOnlySpan<byte> HeaderValueAt(int index) => buffer.AsSpan(fields[index].ValueStart, fields[index].ValueLength);

    /// <summary>True when the field is there at least once.</summary>
    public bool Has(HeaderId id) => IndexOf(id) >= 0;

    /// <summary>The first line of this field, or empty.</summary>
    public ReadOnlySpan<byte> Header(HeaderId id)
    {
        var index = IndexOf(id);
        return index < 0 ? default : HeaderValueAt(index);
    }

    /// <summary>The first line of a field that <see cref="HeaderId"/> does not list, or null. Names ignore case.</summary>
    public string? Header(string name)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            if (System.Text.Ascii.EqualsIgnoreCase(HeaderNameAt(i), name)) return Grammar.Text(HeaderValueAt(i));
        }
        return null;
    }

    /// <summary>All values of a field in order: several lines and comma-separated values are one list (RFC 3261 section 7.3.1).</summary>
    public HeaderValues Values(HeaderId id) => new(this, id);

    /// <summary>The addresses of a Contact, Route or Record-Route field; those that cannot be read are left out.</summary>
    public IReadOnlyList<NameAddress> Addresses(HeaderId id)
    {
        List<NameAddress>? list = null;
        foreach (var value in Values(id))
        {
            if (NameAddress.TryParse(value, out var address)) (list ??= []).Add(address);
        }
        return list ?? (IReadOnlyList<NameAddress>)[];
    }

    /// <summary>The cause of the first Reason value with this protocol (RFC 3326), or null.</summary>
    public int? ReasonCause(string protocol)
    {
        foreach (var value in Values(HeaderId.Reason))
        {
            if (ReasonValue.TryParse(value, out var reason) && reason.Protocol.Equals(protocol, StringComparison.OrdinalIgnoreCase))
                return reason.Cause;
        }
        return null;
    }

    int IndexOf(HeaderId id)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            if (fields[i].Id == id) return i;
        }
        return -1;
    }

    /// <summary>Reads the parts that every message must have (RFC 3261 section 8.1.1); the first that fails is the reason.</summary>
    internal ParseFailure ReadMandatory()
    {
        var failure = ParseFailure.None;
        void Check(bool good, ParseFailure reason)
        {
            if (!good && failure == ParseFailure.None) failure = reason;
        }

        foreach (var value in Values(HeaderId.Via))
        {
            if (Via.TryParse(value, out var via)) TopVia = via;
            break;
        }
        Check(TopVia is not null, ParseFailure.Via);
        Check(Single(HeaderId.From, out var text) && NameAddress.TryParse(text, out var from) && (From = from) is not null, ParseFailure.From);
        Check(Single(HeaderId.To, out text) && NameAddress.TryParse(text, out var to) && (To = to) is not null, ParseFailure.To);
        Check(Single(HeaderId.CallId, out text) && Grammar.IsVisible(text), ParseFailure.CallId);
        if (Grammar.IsVisible(text)) CallId = Grammar.Text(text);
        Check(Single(HeaderId.CSeq, out text) && Sip.CSeq.TryParse(text, out var cseq) && (CSeq = cseq) is not null, ParseFailure.CSeq);
        if (CSeq is not null) Check(TakeMethod(CSeq), ParseFailure.CSeqMethod);
        return failure;
    }

    /// <summary>A response has its method from CSeq; a request must repeat its own there (RFC 3261 section 8.1.1.5).</summary>
    bool TakeMethod(CSeq cseq)
    {
        if (IsRequest) return cseq.MethodName == MethodName;
        Method = cseq.Method;
        MethodName = cseq.MethodName;
        return true;
    }

    bool Single(HeaderId id, out ReadOnlySpan<byte> value)
    {
        value = default;
        var seen = 0;
        for (var i = 0; i < fields.Length; i++)
        {
            if (fields[i].Id != id) continue;
            if (seen++ == 0) value = HeaderValueAt(i);
        }
        return seen == 1;
    }
}
