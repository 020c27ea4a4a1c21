using System.Globalization;
using System.Net;
using System.Text;

namespace OrleansCallback.Load.Phones;

/// <summary>
/// As much of SIP as a phone on a loopback needs (RFC 3261), written apart from the product so that a mistake of the product's parser is not
/// repeated by its judge.
/// </summary>
public sealed class SipText
{
    readonly string[] lines;

    public SipText(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        lines = (end < 0 ? text : text[..end]).Split("\r\n");
        Body = end < 0 ? "" : text[(end + 4)..];
    }

    public string Body { get; }

    public string StartLine => lines[0];

    /// <summary>Null for a response.</summary>
    public string? Method => StartLine.StartsWith("SIP/2.0", StringComparison.Ordinal) ? null : StartLine.Split(' ')[0];

    public string CallId => Header("Call-ID");

    /// <summary>User part of the Request-URI.</summary>
    public string Number => Between(StartLine, "sip:", "@");

    public string ContactUri => Header("Contact") is var contact && contact.Contains('<', StringComparison.Ordinal) ? Between(contact, "<", ">") : contact;

    public string CSeqMethod => Header("CSeq").Split(' ')[^1];

    public string Header(string name) =>
        lines.Skip(1).FirstOrDefault(l => l.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim() ?? "";

    /// <summary>Where the SDP of the body takes audio.</summary>
    public IPEndPoint Audio
    {
        get
        {
            var sdp = Body.Split('\n').Select(l => l.TrimEnd('\r')).ToList();
            var address = sdp.Last(l => l.StartsWith("c=IN IP4 ", StringComparison.Ordinal)).Split(' ')[2];
            var port = sdp.First(l => l.StartsWith("m=audio ", StringComparison.Ordinal)).Split(' ')[1];
            return new(IPAddress.Parse(address), int.Parse(port, CultureInfo.InvariantCulture));
        }
    }

    /// <summary>A response to this request (section 8.2.6): Via, From, To, Call-ID and CSeq are the request's.</summary>
    public string Response(string status, string tag, string more = "", string body = "")
    {
        var response = new StringBuilder("SIP/2.0 ").Append(status).Append("\r\n");
        foreach (var line in lines.Skip(1).Where(l => IsCopied(l)))
        {
            response.Append(line);
            if (line.StartsWith("To:", StringComparison.OrdinalIgnoreCase) && !line.Contains(";tag=", StringComparison.Ordinal)) response.Append(";tag=").Append(tag);
            response.Append("\r\n");
        }

        return response.Append(more).Append("Content-Length: ").Append(body.Length.ToString(CultureInfo.InvariantCulture)).Append("\r\n\r\n").Append(body).ToString();
    }

    static bool IsCopied(string line) => Copied.Any(name => line.StartsWith(name, StringComparison.OrdinalIgnoreCase));

    static readonly string[] Copied = ["Via:", "Record-Route:", "From:", "To:", "Call-ID:", "CSeq:"];

    static string Between(string text, string from, string to)
    {
        var start = text.IndexOf(from, StringComparison.Ordinal);
        if (start < 0) return "";
        start += from.Length;
        var end = text.IndexOf(to, start, StringComparison.Ordinal);
        return end < 0 ? text[start..] : text[start..end];
    }
}
