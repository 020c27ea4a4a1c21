using System.Net;
using System.Text;
using OrleansCallback.Sip;
using Xunit;

namespace OrleansCallback.Tests.Sip;

/// <summary>Messages as text, with the line ends of the wire.</summary>
static class Wire
{
    public static readonly IPEndPoint Us = new(IPAddress.Parse("192.0.2.1"), 5060);
    public static readonly IPEndPoint Peer = new(IPAddress.Parse("192.0.2.2"), 5060);

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"));

    public static SipMessage Parse(byte[] bytes)
    {
        var (failure, message) = SipParser.Parse(bytes);
        Assert.Equal(ParseFailure.None, failure);
        return message!;
    }

    public static string Text(this SipMessage message, HeaderId id) => Encoding.UTF8.GetString(message.Header(id));

    public static byte[] Sdp(int port = 4000, string extra = "") => Bytes(
        $"v=0\no=- 7 1 IN IP4 192.0.2.9\ns=-\nc=IN IP4 192.0.2.9\nt=0 0\nm=audio {port} RTP/AVP 0 8 101\na=rtpmap:101 telephone-event/8000\n{extra}");

    public static LocalAudio Audio(int port = 3000) => new(new IPEndPoint(Us.Address, port), 1);

    /// <summary>A request of the peer's, complete with a body.</summary>
    public static byte[] Request(
        string method, string fromTag = "peer", string toTag = "", int cseq = 1, string branch = "z9hG4bK-1", string callId = "c1",
        string headers = "", byte[]? body = null, string uri = "sip:us@192.0.2.1", string? cseqMethod = null)
    {
        var type = body is null || headers.Contains("Content-Type", StringComparison.Ordinal) ? "" : "Content-Type: application/sdp\n";
        var contact = method == "INVITE" ? "Contact: <sip:peer@192.0.2.2>\n" : "";
        var head = Bytes(
            $"{method} {uri} SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.2:5060;branch={branch}\nMax-Forwards: 70\nFrom: <sip:peer@192.0.2.2>;tag={fromTag}\n"
            + $"To: <sip:us@192.0.2.1>{(toTag.Length > 0 ? $";tag={toTag}" : "")}\nCall-ID: {callId}\nCSeq: {cseq} {cseqMethod ?? method}\n"
            + $"{contact}{headers}{type}Content-Length: {body?.Length ?? 0}\n\n");
        return [.. head, .. body ?? []];
    }

    /// <summary>The peer's response to a request of ours.</summary>
    public static byte[] Response(SipMessage request, int code, string toTag = "", string headers = "", byte[]? body = null)
    {
        var type = body is null || headers.Contains("Content-Type", StringComparison.Ordinal) ? "" : "Content-Type: application/sdp\n";
        var tag = toTag.Length > 0 && request.To!.Tag.Length == 0 ? $";tag={toTag}" : "";
        var head = Bytes(
            $"SIP/2.0 {code} X\nVia: {request.Text(HeaderId.Via)}\nFrom: {request.Text(HeaderId.From)}\nTo: {request.Text(HeaderId.To)}{tag}\n"
            + $"Call-ID: {request.CallId}\nCSeq: {request.Text(HeaderId.CSeq)}\n{headers}{type}Content-Length: {body?.Length ?? 0}\n\n");
        return [.. head, .. body ?? []];
    }

    /// <summary>A request of the phone that our INVITE reached.</summary>
    public static byte[] InDialog(SipMessage invite, string method, int cseq, byte[]? body = null, string headers = "", string tag = "b", string? branch = null) =>
        Request(method, fromTag: tag, toTag: invite.From!.Tag, callId: invite.CallId, cseq: cseq, branch: branch ?? $"z9hG4bK-{method}{cseq}{tag}",
            headers: headers, body: body);
}
