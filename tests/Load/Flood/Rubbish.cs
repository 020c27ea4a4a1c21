using System.Globalization;
using System.Text;

namespace OrleansCallback.Load.Flood;

/// <summary>
/// What strangers send: noise, cut and spoiled messages, and well-formed ones that belong to nothing. Seeded; no two have the same branch, so
/// that none is taken for a retransmission.
/// </summary>
public sealed class Rubbish(int seed, string target)
{
    const int LongestNoise = 1_400, Huge = 9_000;
    const string Offer = "v=0\r\no=x 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0 8\r\n";

    readonly Random random = new(seed);
    int sent;

    /// <summary>The next datagram.</summary>
    public byte[] Next() => (sent++ % 12) switch
    {
        0 => Noise(random.Next(1, LongestNoise)),
        1 => Request("INVITE", Offer),
        2 => Request("REGISTER"),
        3 => Request("OPTIONS"),
        4 => Cut(Request("INVITE", Offer)),
        5 => Bytes($"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP {target};branch=z9hG4bK{Id}\r\n{Rest("INVITE")}Content-Length: 0\r\n\r\n"),
        6 => Request("BYE"),
        7 => Spoiled(Request("INVITE", Offer)),
        8 => Request("\u001b[2J", more: "Subject: \u001b]0;owned\u0007\r\nUser-Agent: \0\u0001\u007f\r\n"),
        9 => Request("INFO", new string('A', Huge)),
        10 => Request("ACK"),
        _ => Bytes("\r\n\r\n"),
    };

    string Id => string.Create(CultureInfo.InvariantCulture, $"r{seed}x{sent}");

    static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    byte[] Request(string method, string body = "", string more = "") => Bytes(
        $"{method} sip:100@{target} SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9:5060;rport;branch=z9hG4bK{Id}\r\nMax-Forwards: 70\r\n{Rest(method)}"
        + $"Contact: <sip:x@192.0.2.9>\r\n{more}"
        + (body.Length > 0 ? "Content-Type: application/sdp\r\n" : "")
        + string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n{body}"));

    string Rest(string method) => $"From: <sip:x@192.0.2.9>;tag={Id}\r\nTo: <sip:100@{target}>\r\nCall-ID: {Id}\r\nCSeq: 1 {method}\r\n";

    byte[] Noise(int length)
    {
        var noise = new byte[length];
        random.NextBytes(noise);
        return noise;
    }

    byte[] Cut(byte[] message) => message[..random.Next(1, message.Length)];

    byte[] Spoiled(byte[] message)
    {
        for (var n = 0; n < 8; n++) message[random.Next(message.Length)] = (byte)random.Next(256);
        return message;
    }
}
