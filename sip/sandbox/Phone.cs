using System.Globalization;
using System.Net.Sockets;
using OrleansCallback.Sip.Net;
using OrleansCallback.Sip.Net.Media;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Sip.Sandbox;

/// <summary>One phone in one call: follows its script, speaks and listens. All of it runs on the carrier's audio loop; commands go to the
/// signalling loop and come back stamped with the moment they were carried out.</summary>
sealed class Phone(
    IncomingCall call, string number, PhoneScript script, PhoneLog log, SignallingLoop signalling, RtpLoop audio, SandboxClock clock, Socket socket)
    : RtpSocket(socket)
{
    static readonly TimeSpan FrameTime = TimeSpan.FromMilliseconds(20);

    readonly byte[] packet = new byte[RtpHeader.Size + NumberedFrame.Size];
    readonly ulong marker = ulong.Parse(number, CultureInfo.InvariantCulture);
    readonly uint ssrc = (uint)Random.Shared.NextInt64(uint.MaxValue);
    readonly PressedKeys keys = new(script.Keys);
    TimeSpan? answeredAt;
    TimeSpan ringAt = Never, answerAt = Never, rejectAt = Never, hangUpAt = Never, speakAt = Never;
    LocalAudio? local;
    MediaEndpoint? remote;
    byte payloadType;
    byte? keyType, heardKeyType;
    uint frames;
    uint said;

    public string Number => number;

    public PhoneLog Log => log;

    /// <summary>The final response of a refusal; 0 while there is none.</summary>
    public int RejectedWith { get; private set; }

    public void Begin(TimeSpan invitedAt)
    {
        audio.Add(this);
        ringAt = invitedAt + script.RingAfter;
        if (script.RejectWith is not null) rejectAt = invitedAt + script.RejectAfter;
        else if (script.AnswerAfter is { } after) answerAt = invitedAt + after;
        if (rejectAt <= ringAt) ringAt = Never;
        Reschedule();
    }

    public void OnAnswered(TimeSpan at)
    {
        log.Answered(at);
        answeredAt = at;
        if (script.HangUpAfter is { } after) hangUpAt = at + after;
        if (script.Voice == PhoneVoice.Numbered) speakAt = at;
        Reschedule();
    }

    public void OnConfirmed(Confirmed confirmed, TimeSpan at)
    {
        log.Acked(at);
        // An INVITE without an offer: ours went out with the 200 and this is the answer (RFC 3264 section 5).
        if (!confirmed.Sdp.IsEmpty && OfferAnswer.Accept(local!, confirmed.Sdp.Span, out var agreed) == SdpResult.Agreed) Listen(agreed);
    }

    public void OnMediaChanged(MediaChanged changed)
    {
        if (OfferAnswer.Answer(changed.Sdp.Span, local!, out _, out var agreed) == SdpResult.Agreed) Listen(agreed);
        else remote = null;
    }

    public void HangUp()
    {
        RejectedWith = 603; // what the user agent answers if the phone is still ringing
        signalling.TryHangUp(call.CallKey, HangUpReason.Normal);
    }

    /// <summary>The call is over: no more audio, the port is given back.</summary>
    public void Leave()
    {
        audio.Remove(this);
        Dispose();
    }

    protected override void OnPacket(Span<byte> datagram, MediaEndpoint source, TimeSpan now)
    {
        if (!RtpPacket.TryParse(datagram, out var heard)) return;
        var payload = heard.PayloadOf(datagram);
        if (heard.Header.PayloadType == heardKeyType) log.HeardKey(heard, payload, now);
        else log.Heard(heard, payload, now);
        if (script.Voice != PhoneVoice.Echo || payload.Length != NumberedFrame.Size || remote is null) return;
        payload.CopyTo(packet.AsSpan(RtpHeader.Size));
        Send();
    }

    protected override void OnTimer(TimeSpan now)
    {
        if (Take(ref ringAt, now)) Ring();
        if (Take(ref answerAt, now)) Answer();
        if (Take(ref rejectAt, now)) Reject(script.RejectWith!.Value);
        if (Take(ref hangUpAt, now)) HangUp();
        if (NextKey <= now) PressKey(now);
        if (speakAt <= now) Speak(now);
        Reschedule();
    }

    void Ring() => signalling.TryPost((agent, now) =>
    {
        var at = clock.Now;
        if (agent.Ring(call.CallKey, 180, default, now) == CommandResult.Done) log.Ringing(at);
    });

    void Reject(int code)
    {
        RejectedWith = code;
        signalling.TryReject(call.CallKey, code);
    }

    void Answer()
    {
        local = new LocalAudio(BoundEndPoint, BoundEndPoint.Port) ;
        var sdp = local.Offer();
        if (!call.Sdp.IsEmpty)
        {
            if (OfferAnswer.Answer(call.Sdp.Span, local, out sdp, out var agreed) != SdpResult.Agreed)
            {
                Reject(488); // Not Acceptable Here, RFC 3261 section 13.3.1.3
                return;
            }

            Listen(agreed);
        }

        signalling.TryPost((agent, now) =>
        {
            var at = clock.Now;
            if (agent.Answer(call.CallKey, sdp, now) == CommandResult.Done) audio.Post(() => OnAnswered(at));
        });
    }

    void Listen(AgreedAudio agreed)
    {
        var address = MediaEndpoint.From(agreed.Remote);
        remote = agreed.Direction.Sends() && !address.IsNowhere ? address : null;
        payloadType = (byte)agreed.SendPayloadType;
        (keyType, heardKeyType) = ((byte?)agreed.TelephoneEvent, (byte?)agreed.TelephoneEventReceived);
    }

    TimeSpan NextKey => answeredAt is { } at ? keys.Due(at) : Never;

    /// <summary>A phone that has agreed on no way to tell its keys has none.</summary>
    void PressKey(TimeSpan now)
    {
        keys.Begin(frames * NumberedFrame.Size, NumberedFrame.Size);
        if (speakAt == Never) speakAt = now;
    }

    void Speak(TimeSpan now)
    {
        if (keys.IsPressing) SendKey();
        else if (script.Voice == PhoneVoice.Numbered) Say();
        else
        {
            speakAt = Never;
            return;
        }

        // After a pause of the process the phone goes on from now; it does not send what it did not say.
        speakAt = now - speakAt > 5 * FrameTime ? now + FrameTime : speakAt + FrameTime;
    }

    void Say()
    {
        NumberedFrame.Write(packet.AsSpan(RtpHeader.Size), marker, said++);
        Send();
    }

    void SendKey()
    {
        var length = keys.Write(packet, keyType ?? 0, (ushort)frames++, ssrc);
        if (remote is not { } to || keyType is null) return;
        audio.Send(this, packet.AsSpan(0, length), to);
        log.Sent();
    }

    void Send()
    {
        if (remote is not { } to) return;
        new RtpHeader(payloadType, frames == 0, (ushort)frames, frames * NumberedFrame.Size, ssrc).Write(packet);
        frames++;
        audio.Send(this, packet, to);
        log.Sent();
    }

    void Reschedule() => audio.Schedule(this, Earliest(Earliest(ringAt, answerAt), Earliest(Earliest(rejectAt, hangUpAt), Earliest(speakAt, NextKey))));

    static bool Take(ref TimeSpan due, TimeSpan now)
    {
        if (due > now) return false;
        due = Never;
        return true;
    }

    static TimeSpan Earliest(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
