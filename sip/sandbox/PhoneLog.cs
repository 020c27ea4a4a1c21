using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Sip.Sandbox;

/// <summary>What a phone writes down during a call; read by anybody at any time.</summary>
sealed class PhoneLog(IncomingCall call, string number, SandboxClock clock, TimeSpan invitedAt)
{
    readonly Lock gate = new();
    readonly Hearing hearing = new();
    readonly string callerId = SipUri.TryParse(call.Request.From!.Uri, out var uri) ? uri.User : call.Request.From.Uri;
    readonly string? assertedIdentity = call.Request.Addresses(HeaderId.PAssertedIdentity) is [var first, ..] ? first.Uri : null;
    readonly string callId = call.Request.CallId;
    TimeSpan? ringingAt, answeredAt, ackedAt, endedAt;
    PhoneEnd endedBy;
    int sipCode;
    long packetsSent;

    public void Ringing(TimeSpan at) => Write(ref ringingAt, at);

    public void Acked(TimeSpan at) => Write(ref ackedAt, at);

    public void Answered(TimeSpan at)
    {
        lock (gate) (answeredAt, sipCode) = (at, 200);
    }

    public void Ended(PhoneEnd by, int code, TimeSpan at)
    {
        lock (gate)
        {
            if (endedAt is not null) return;
            (endedAt, endedBy) = (at, by);
            if (sipCode == 0) sipCode = code;
        }
    }

    public void Sent()
    {
        lock (gate) packetsSent++;
    }

    public void Heard(in RtpPacket packet, ReadOnlySpan<byte> payload, TimeSpan now)
    {
        lock (gate) hearing.Take(packet, payload, now);
    }

    public void HeardKey(in RtpPacket packet, ReadOnlySpan<byte> payload, TimeSpan now)
    {
        lock (gate) hearing.TakeKey(packet, payload, now);
    }

    public PhoneRecord Read()
    {
        lock (gate)
        {
            return new PhoneRecord(
                callId, number, callerId, assertedIdentity, clock.At(invitedAt), At(ringingAt), At(answeredAt), At(ackedAt), At(endedAt),
                endedBy, sipCode, packetsSent, hearing.Read(clock.At));
        }
    }

    void Write(ref TimeSpan? field, TimeSpan at)
    {
        lock (gate) field ??= at;
    }

    DateTimeOffset? At(TimeSpan? time) => time is { } known ? clock.At(known) : null;
}

/// <summary>Turns the monotonic clock of the phones into times of day, by one reading of both at the start.</summary>
sealed class SandboxClock(TimeProvider time)
{
    readonly DateTimeOffset zero = time.GetUtcNow() - time.GetElapsedTime(0);

    public TimeSpan Now => time.GetElapsedTime(0);

    public DateTimeOffset At(TimeSpan monotonic) => zero + monotonic;
}
