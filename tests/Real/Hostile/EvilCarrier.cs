using System.Net;
using System.Net.Sockets;
using System.Text;
using OrleansCallback.Load.Phones;

namespace OrleansCallback.Tests.Hostile;

/// <summary>
/// A carrier gone bad: what it answers is as evil as its grammar allows. Every second call is refused, the others are answered and hung up on.
/// </summary>
sealed class EvilCarrier : IAsyncDisposable
{
    readonly UdpClient socket;
    readonly HashSet<string> calls = [];
    readonly Task answering;

    public EvilCarrier(IPEndPoint address)
    {
        socket = new UdpClient(address);
        answering = AnswerAsync();
    }

    /// <summary>Where the other side takes SIP, once it has asked for something.</summary>
    public IPEndPoint? Peer { get; private set; }

    /// <summary>Says something of its own and waits for the answer to it.</summary>
    public async Task SendAsync(byte[] message, IPEndPoint to) => await socket.SendAsync(message, to);

    /// <summary>Answers that came to <see cref="SendAsync"/>, by Call-ID.</summary>
    public bool Answered(string callId)
    {
        lock (calls) return calls.Contains($"answered {callId}");
    }

    public async ValueTask DisposeAsync()
    {
        socket.Dispose();
        await answering;
    }

    async Task AnswerAsync()
    {
        while (true)
        {
            try
            {
                var received = await socket.ReceiveAsync();
                Peer = received.RemoteEndPoint;
                var message = new SipText(Encoding.Latin1.GetString(received.Buffer));
                foreach (var answer in Answers(message)) await SendAsync(Encoding.Latin1.GetBytes(answer), received.RemoteEndPoint);
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    IEnumerable<string> Answers(SipText message)
    {
        switch (message.Method)
        {
            case null:
                lock (calls) calls.Add($"answered {message.CallId}");
                return [];
            case "ACK":
                return [];
            case "INVITE":
                lock (calls)
                    if (!calls.Contains(message.CallId) && calls.Add(message.CallId) && calls.Count % 2 == 1)
                        return [Evil(message, "183"), Evil(message, $"486 {EvilText.InALine}"), message.Response("486 \u001b[31mBusy\u009b", "t", Readable)];
                return [message.Response("183 \u001b[31mProgress", "t", Readable), message.Response("200 \u001b[31mOK", "t", Readable + Contact, Sdp), Bye(message)];
            default:
                return [Evil(message, $"200 {EvilText.InALine}"), message.Response("200 \u001b[31mOK", "t", Readable)];
        }
    }

    // Controls inside of what a parser that is lenient about values lets through.
    const string Readable = "Reason: Q.850;cause=17;text=\"\u001b[31mFORGED\u0007\"\r\nWarning: 399 evil \"\u001b[2J\u009b\"\r\n"
        + "Server: \u001b]0;owned\u0007\r\nX-Evil: \u001b[31m\u0001\r\n";
    const string Contact = "Contact: <sip:x@evil-name.test;transport=tcp>\r\nRecord-Route: <sip:evil-route.test;transport=tcp;lr>\r\nContent-Type: application/sdp\r\n";
    const string Sdp = "v=0\r\no=\u001b[31m 1 1 IN IP4 127.0.0.1\r\ns=\u001b]0;owned\u0007\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\na=\u001b[31m\u009b\r\n";

    static string Evil(SipText message, string status) =>
        message.Response(
            status, EvilText.InALine, string.Concat(EvilText.Headers.Skip(9).Select(header => $"{header}: {EvilText.Folded}\r\n")), EvilText.InALine);

    string Bye(SipText invite) =>
        $"BYE {invite.ContactUri} SIP/2.0\r\nVia: SIP/2.0/UDP {socket.Client.LocalEndPoint};branch=z9hG4bK{Guid.NewGuid():N}\r\nMax-Forwards: 70\r\n"
        + $"From: {invite.Header("To")};tag=t\r\nTo: {invite.Header("From")}\r\nCall-ID: {invite.CallId}\r\nCSeq: 1 BYE\r\n{Readable}Content-Length: 0\r\n\r\n";
}
