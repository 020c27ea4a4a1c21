using System.Buffers;
using System.Globalization;
using System.Text;

namespace OrleansCallback.Sip;

/// <summary>
/// Writes one message: start line, header fields in the order of the calls, body. A line end or another control inside a value becomes
/// a blank, so that no value can add a header line of its own.
/// </summary>
public sealed class SipWriter(IBufferWriter<byte> output)
{
    /// <summary>Writes "METHOD uri SIP/2.0".</summary>
    public SipWriter RequestLine(string method, string uri) => Put(method).Put(" "u8).Put(uri).Put(" SIP/2.0\r\n"u8);

    /// <summary>Writes "SIP/2.0 code phrase"; the registered phrase when none is given.</summary>
    public SipWriter StatusLine(int code, string? phrase = null) =>
        Put("SIP/2.0 "u8).Put(code).Put(" "u8).Put(phrase ?? StatusPhrases.For(code)).Put("\r\n"u8);

    /// <summary>Writes one header line.</summary>
    public SipWriter Header(HeaderId id, string value) => Header(id.Name(), value);

    /// <summary>Writes one header line with a number.</summary>
    public SipWriter Header(HeaderId id, int value) => Put(id.Name()).Put(": "u8).Put(value).Put("\r\n"u8);

    /// <summary>Writes one header line.</summary>
    public SipWriter Header(string name, string value) => Put(name).Put(": "u8).Put(value).Put("\r\n"u8);

    /// <summary>Writes one header line whose value cannot end the line, such as one from a parsed message.</summary>
    public SipWriter Header(HeaderId id, ReadOnlySpan<byte> value) => Put(id.Name()).Put(": "u8).Put(value).Put("\r\n"u8);

    /// <summary>Writes Content-Length, the empty line and no body.</summary>
    public void End() => Put("Content-Length: 0\r\n\r\n"u8);

    /// <summary>Writes Content-Type and Content-Length, the empty line and the body.</summary>
    public void End(ReadOnlySpan<byte> body, string contentType)
    {
        if (body.IsEmpty)
        {
            End();
            return;
        }
        Header(HeaderId.ContentType, contentType).Header(HeaderId.ContentLength, body.Length).Put("\r\n"u8).Put(body);
    }

    /// <summary>Writes a parsed message again, with canonical names and CRLF, its Content-Length set to its body's.</summary>
    public void Message(SipMessage message)
    {
        if (message.IsRequest) RequestLine(message.MethodName, Grammar.Text(message.RequestUri));
        else StatusLine(message.StatusCode, Grammar.Text(message.Phrase));
        for (var i = 0; i < message.HeaderCount; i++)
        {
            var id = message.HeaderIdAt(i);
            if (id == HeaderId.ContentLength) continue;
            if (id == HeaderId.Other) Put(message.HeaderNameAt(i)).Put(": "u8).Put(message.HeaderValueAt(i)).Put("\r\n"u8);
            else Header(id, message.HeaderValueAt(i));
        }
        Header(HeaderId.ContentLength, message.BodySpan.Length).Put("\r\n"u8).Put(message.BodySpan);
    }

    SipWriter Put(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        return this;
    }

    SipWriter Put(int number)
    {
        number.TryFormat(output.GetSpan(11), out var length, default, CultureInfo.InvariantCulture);
        output.Advance(length);
        return this;
    }

    SipWriter Put(string text)
    {
        var span = output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        var written = span[..Encoding.UTF8.GetBytes(text, span)];
        if (Grammar.HasControls(written)) Blank(written);
        output.Advance(written.Length);
        return this;
    }

    static void Blank(Span<byte> text)
    {
        foreach (ref var b in text)
        {
            if (b is < 0x20 and not (byte)'\t' or 0x7f) b = (byte)' ';
        }
    }
}
