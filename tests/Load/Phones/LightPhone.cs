using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansCallback.Load.Phones;

/// <summary>One call at one phone: rings, answers, talks, and as a merchant hangs up. All methods run under the owner's lock of this phone.</summary>
public sealed class LightPhone : IDisposable
{
    const int FramesBefore = 1; // a phone starts to send with the ACK
    static readonly long FirstRetransmission = Stopwatch.Frequency / 2;
    static readonly long LongestInterval = Stopwatch.Frequency * 4;
    const int MostRetransmissions = 10;

    readonly SipText invite;
    readonly PhoneTrunk trunk;
    readonly EndPoint peer;
    readonly Socket audio = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    readonly byte[] packet = new byte[2048];
    readonly string tag;
    string? repeated; // 200 or BYE that nobody has confirmed yet
    long repeatAt, repeatInterval;
    int repeats;
    bool hungUp;

    public LightPhone(SipText invite, PhoneTrunk trunk, EndPoint peer, uint mark)
    {
        (this.invite, this.trunk, this.peer) = (invite, trunk, peer);
        tag = $"p{mark:x8}";
        Record = new() { Mark = mark, IsMember = trunk.IsMember, Number = invite.Number, Invited = Stopwatch.GetTimestamp() };
        audio.Bind(new IPEndPoint(trunk.Address.Address, 0));
        audio.Connect(invite.Audio);
        Send(invite.Response("180 Ringing", tag));
    }

    /// <summary>What it has seen.</summary>
    public PhoneRecord Record { get; }

    /// <summary>Over, and nothing is left to repeat.</summary>
    public bool IsOver { get; private set; }

    /// <summary>A request or response of this call has come.</summary>
    public void On(SipText message)
    {
        var now = Stopwatch.GetTimestamp();
        switch (message.Method)
        {
            case "INVITE":
                Send(Record.Answered is null ? invite.Response("180 Ringing", tag) : Answer());
                break;
            case "ACK":
                if (Record.Canceled is not null) IsOver = true;
                else Record.Acknowledged ??= now;
                if (!hungUp) repeated = null;
                break;
            case "CANCEL":
                Send(message.Response("200 OK", tag));
                if (Record.Answered is null) Cancel(now);
                break;
            case "BYE":
                Send(message.Response("200 OK", tag));
                End(now);
                break;
            case null when message.CSeqMethod == "BYE":
                End(now);
                break;
        }
    }

    /// <summary>Time passes: answers, hangs up, repeats what is not confirmed.</summary>
    public void Tick(long now)
    {
        if (IsOver) return;
        if (Record.Answered is null && Record.Canceled is null && now - Record.Invited >= trunk.Ring)
        {
            Record.Answered = now;
            Repeat(Answer(), now);
        }
        else if (!hungUp && trunk.Talk is { } talk && Record.Acknowledged is { } since && now - since >= talk)
        {
            hungUp = true;
            Repeat(Bye(), now);
        }
        else if (repeated is not null && now >= repeatAt)
        {
            if (++repeats > MostRetransmissions) IsOver = true;
            Send(repeated);
            repeatInterval = Math.Min(repeatInterval * 2, LongestInterval);
            repeatAt = now + repeatInterval;
        }
    }

    /// <summary>Plays the next frame and takes what has come in.</summary>
    public void Exchange()
    {
        if (IsOver) return;
        try
        {
            if (Record.Acknowledged is not null && !hungUp)
            {
                MarkedFrame.Write(packet, Record.Mark, Record.Sent + FramesBefore);
                audio.Send(packet.AsSpan(0, MarkedFrame.Length));
                Record.Sent++;
            }

            while (audio.Available > 0) Hear(packet.AsSpan(0, audio.Receive(packet)));
        }
        catch (SocketException)
        {
            // ICMP of a port that is closed already: the other end has hung up.
        }
    }

    public void Dispose() => audio.Dispose();

    void Hear(ReadOnlySpan<byte> heard)
    {
        if (MarkedFrame.MarkOf(heard) is not { } mark) Record.Unmarked++;
        else if ((Record.HeardMark ??= mark) == mark && mark != Record.Mark) Record.Heard++;
        else Record.Astray++;
    }

    void Cancel(long now)
    {
        Record.Canceled = now;
        Repeat(invite.Response("487 Request Terminated", tag), now);
    }

    void End(long now)
    {
        Record.Ended ??= now;
        IsOver = true;
    }

    void Repeat(string message, long now)
    {
        (repeated, repeats, repeatInterval) = (message, 0, FirstRetransmission);
        repeatAt = now + repeatInterval;
        Send(message);
    }

    string Answer()
    {
        var local = (IPEndPoint)audio.LocalEndPoint!;
        var sdp = $"v=0\r\no=phone {Record.Mark} 1 IN IP4 {local.Address}\r\ns=-\r\nc=IN IP4 {local.Address}\r\nt=0 0\r\n"
            + $"m=audio {local.Port} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=ptime:20\r\na=sendrecv\r\n";
        return invite.Response("200 OK", tag, $"Contact: <sip:phone@{trunk.Address}>\r\nContent-Type: application/sdp\r\n", sdp);
    }

    string Bye() =>
        $"BYE {invite.ContactUri} SIP/2.0\r\nVia: SIP/2.0/UDP {trunk.Address};branch=z9hG4bK{tag}bye\r\nMax-Forwards: 70\r\n"
        + $"From: {invite.Header("To")};tag={tag}\r\nTo: {invite.Header("From")}\r\nCall-ID: {invite.CallId}\r\nCSeq: 1 BYE\r\nContent-Length: 0\r\n\r\n";

    void Send(string message) => trunk.Send(Encoding.ASCII.GetBytes(message), peer);
}
