using System.Globalization;
using System.Text;

namespace OrleansCallback.Tests.Hostile;

/// <summary>Requests of which one header, or the start line, or the body is evil.</summary>
static class EvilRequests
{
    static readonly string[] Methods = ["OPTIONS", "INVITE", "REGISTER", "BYE", "MESSAGE"];

    public static IEnumerable<byte[]> All(string target, string transport)
    {
        var n = 0;
        foreach (var method in Methods)
        {
            foreach (var header in EvilText.Headers)
            {
                yield return Request(method, target, transport, ++n, header, EvilText.Folded);
                yield return Request(method, target, transport, ++n, header, $"<sip:{EvilText.InALine}@{EvilText.InALine}>;tag=\"{EvilText.InALine}\"");
            }

            yield return Request(method + "\u001b[31m", target, transport, ++n);
            yield return Request(method, $"{target};{EvilText.InALine}", transport, ++n);
            yield return Request(
                method, target, transport, ++n, body: $"v=0\r\no={EvilText.InALine} 1 1 IN IP4 {EvilText.InALine}\r\ns={EvilText.InALine}\r\nm={EvilText.InALine}\r\n");
        }

        yield return Encoding.Latin1.GetBytes(EvilText.Folded);
    }

    static byte[] Request(string method, string target, string transport, int n, string evil = "", string value = "", string body = "")
    {
        var headers = new Dictionary<string, string>
        {
            ["Via"] = string.Create(CultureInfo.InvariantCulture, $"SIP/2.0/{transport} 127.0.0.66:9;branch=z9hG4bKevil{transport}{n}"),
            ["Max-Forwards"] = "70", ["From"] = "<sip:x@y>;tag=1", ["To"] = "<sip:a@b>",
            ["Call-ID"] = string.Create(CultureInfo.InvariantCulture, $"evil-{transport}-{n}"), ["CSeq"] = $"1 {method}", ["Contact"] = "<sip:x@127.0.0.66:9>",
        };
        if (body.Length > 0) headers["Content-Type"] = "application/sdp";
        if (evil.Length > 0) headers[evil] = value;
        headers["Content-Length"] = body.Length.ToString(CultureInfo.InvariantCulture);
        var lines = headers.Select(header => $"{header.Key}: {header.Value}\r\n");
        return Encoding.Latin1.GetBytes($"{method} sip:a@{target} SIP/2.0\r\n{string.Concat(lines)}\r\n{body}");
    }
}
