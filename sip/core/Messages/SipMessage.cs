using System.Buffers;

namespace OrleansCallback.Sip;

/// <summary>
/// One parsed SIP message: its bytes with the places of its header lines. Typed parts are made when they are asked for. Immutable. One that
/// was parsed from borrowed memory is good until <see cref="Return"/>, unless <see cref="Keep"/> has given it memory of its own.
/// </summary>
public sealed class SipMessage
{
    readonly Range startText, bodyRange;
    byte[] buffer;
    HeaderField[] fields;
    int count;
    Lease lease;
    byte[]? body;
    Via? topVia;
    NameAddress? from, to;
    string? callId, methodName;
    CSeq? cseq;

    enum Lease
    {
        Owned,
        Borrowed,
        Returned,
    }

    internal SipMessage(byte[] buffer, HeaderField[] fields, int count, bool borrowed, StartLine start, Range body)
    {
        (this.buffer, this.fields, this.count) = (buffer, fields, count);
        lease = borrowed ? Lease.Borrowed : Lease.Owned;
        startText = start.Text;
        IsRequest = start.IsRequest;
        Method = start.Method;
        methodName = start.IsRequest ? start.MethodName : null;
        StatusCode = start.StatusCode;
        bodyRange = body;
    }

    /// <summary>True for a request, false for a response.</summary>
    public bool IsRequest { get; }

    /// <summary>The request's method; for a response the method in its CSeq.</summary>
    public SipMethod Method { get; private set; }

    /// <summary>The method as it stands on the wire; for a response that of CSeq.</summary>
    public string MethodName => methodName ??= CSeq?.MethodName ?? "";

    /// <summary>100 to 699 for a response, 0 for a request.</summary>
    public int StatusCode { get; }

    /// <summary>The Request-URI; empty for a response.</summary>
    public ReadOnlySpan<byte> RequestUri => IsRequest ? Bytes[startText] : default;

    /// <summary>The reason phrase; empty for a request.</summary>
    public ReadOnlySpan<byte> Phrase => IsRequest ? default : Bytes[startText];

    /// <summary>The body, cut to Content-Length when that is given; a copy, good for ever.</summary>
    public ReadOnlyMemory<byte> Body => body ??= BodySpan.ToArray();

    /// <summary>The body to look at now.</summary>
    public ReadOnlySpan<byte> BodySpan => body is null ? Bytes[bodyRange] : body;

    /// <summary>The topmost Via; null only in a message that failed to parse.</summary>
    public Via? TopVia => topVia ??= First(HeaderId.Via, out var text) && Via.TryParse(text, out var via) ? via : null;

    /// <summary>From; null only in a message that failed to parse.</summary>
    public NameAddress? From => from ??= Single(HeaderId.From, out var text) && NameAddress.TryParse(text, out var address) ? address : null;

    /// <summary>To; null only in a message that failed to parse.</summary>
    public NameAddress? To => to ??= Single(HeaderId.To, out var text) && NameAddress.TryParse(text, out var address) ? address : null;

    /// <summary>Call-ID; empty only in a message that failed to parse.</summary>
    public string CallId => callId ??= Header(HeaderId.CallId) is var text && Grammar.IsVisible(text) ? Grammar.Text(text) : "";

    /// <summary>CSeq; null only in a message that failed to parse.</summary>
    public CSeq? CSeq => cseq ??= Single(HeaderId.CSeq, out var text) && Sip.CSeq.TryParse(text, out var read) ? read : null;

    /// <summary>Number of header lines.</summary>
    public int HeaderCount => count;

    /// <summary>Which field the header line at <paramref name="index"/> is.</summary>
    public HeaderId HeaderIdAt(int index) => fields[index].Id;

    /// <summary>The name of the header line at <paramref name="index"/> as it was sent.</summary>
    public ReadOnlySpan<byte> HeaderNameAt(int index) => Bytes.Slice(fields[index].NameStart, fields[index].NameLength);

    /// <summary>The unfolded, trimmed value of the header line at <paramref name="index"/>.</summary>
    public ReadOnlySpan<byte> HeaderValueAt(int index) => Bytes.Slice(fields[index].ValueStart, fields[index].ValueLength);

    /// <summary>True when the field is there at least once.</summary>
    public bool Has(HeaderId id) => IndexOf(id) >= 0;

    /// <summary>True when the field has several values, in whatever number of lines.</summary>
    internal bool HasMoreThanOne(HeaderId id)
    {
        var seen = 0;
        foreach (var _ in Values(id))
        {
            if (++seen > 1) return true;
        }
        return false;
    }

    /// <summary>The first line of this field, or empty.</summary>
    public ReadOnlySpan<byte> Header(HeaderId id)
    {
        var index = IndexOf(id);
        return index < 0 ? default : HeaderValueAt(index);
    }

    /// <summary>The first line of a field that <see cref="HeaderId"/> does not list, or null. Names ignore case.</summary>
    public string? Header(string name)
    {
        for (var i = 0; i < count; i++)
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

    /// <summary>Gives a message that is to be kept beyond its <see cref="Return"/> memory of its own.</summary>
    public SipMessage Keep()
    {
        if (lease != Lease.Borrowed) return this;
        var (bytes, places) = (Bytes.ToArray(), fields.AsSpan(0, count).ToArray());
        GiveBack();
        (buffer, fields, lease) = (bytes, places, Lease.Owned);
        return this;
    }

    /// <summary>Gives borrowed memory back; whoever looks at the message afterwards breaks a promise.</summary>
    public void Return()
    {
        if (lease != Lease.Borrowed) return;
        GiveBack();
        (buffer, fields, count, lease) = ([], [], 0, Lease.Returned);
    }

    /// <summary>Checks the parts that every message must have (RFC 3261 section 8.1.1); the first that fails is the reason.</summary>
    internal ParseFailure CheckMandatory()
    {
        if (!First(HeaderId.Via, out var text) || !Via.IsVia(text)) return ParseFailure.Via;
        if (!Single(HeaderId.From, out text) || !NameAddress.IsAddress(text)) return ParseFailure.From;
        if (!Single(HeaderId.To, out text) || !NameAddress.IsAddress(text)) return ParseFailure.To;
        if (!Single(HeaderId.CallId, out text) || !Grammar.IsVisible(text)) return ParseFailure.CallId;
        if (!Single(HeaderId.CSeq, out text) || !Sip.CSeq.TryScan(text, out _, out var method)) return ParseFailure.CSeq;
        // A response has its method from CSeq; a request must repeat its own there (RFC 3261 section 8.1.1.5).
        if (!IsRequest) Method = SipMethods.Parse(method);
        else if (!System.Text.Ascii.Equals(method, MethodName)) return ParseFailure.CSeqMethod;
        return ParseFailure.None;
    }

    ReadOnlySpan<byte> Bytes => lease != Lease.Returned ? buffer : throw new InvalidOperationException("A message was looked at after its memory had been given back.");

    void GiveBack()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        ArrayPool<HeaderField>.Shared.Return(fields);
    }

    int IndexOf(HeaderId id)
    {
        for (var i = 0; i < count; i++)
        {
            if (fields[i].Id == id) return i;
        }
        return -1;
    }

    /// <summary>The first value of a list.</summary>
    bool First(HeaderId id, out ReadOnlySpan<byte> first)
    {
        foreach (var value in Values(id))
        {
            first = value;
            return true;
        }
        first = default;
        return false;
    }

    bool Single(HeaderId id, out ReadOnlySpan<byte> value)
    {
        value = default;
        var seen = 0;
        for (var i = 0; i < count; i++)
        {
            if (fields[i].Id != id) continue;
            if (seen++ == 0) value = HeaderValueAt(i);
        }
        return seen == 1;
    }
}
