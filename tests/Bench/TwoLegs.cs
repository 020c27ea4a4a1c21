using System.Globalization;
using System.Net;
using OrleansCallback.Sip;

namespace OrleansCallback.Bench;

/// <summary>One user agent that rings two phones a callback; the phones' messages are made outside what is measured.</summary>
sealed class TwoLegs
{
    static readonly IPEndPoint Phone = new(IPAddress.Parse("198.51.100.7"), 5060);
    readonly byte[] offer = new LocalAudio(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 20_000), 1).Offer();
    int calls;

    public UserAgent Agent { get; } = new(new UserAgentOptions("192.0.2.1:5060") { Seed = 1 });

    public TimeSpan Now { get; private set; }

    /// <summary>A leg as its messages: what the phone will send, in order.</summary>
    public sealed record Leg(InviteAttempt Attempt, byte[] Ringing, byte[] Answer, byte[] Bye);

    /// <summary>Prepares a leg with an agent of the same seed, so that its phone's messages are known before.</summary>
    public Leg Prepare()
    {
        var number = calls++;
        var attempt = InviteAttempt.Create(
            string.Create(CultureInfo.InvariantCulture, $"call-{number}"), "sip:+4930231259990@192.0.2.1", "sip:+4917139200101@198.51.100.7", Phone, "192.0.2.1:5060");
        var other = new UserAgent(Agent.Options);
        other.Invite(attempt, offer, null, default);
        other.TryTransmit(out var transmit);
        var invite = SipParser.Parse(transmit.Bytes.Span).Message!;
        var tag = string.Create(CultureInfo.InvariantCulture, $"phone{number}");
        return new(attempt, Messages.Response(invite, 180, tag, false), Messages.Response(invite, 200, tag, true), Messages.Bye(invite, tag, number));
    }

    /// <summary>INVITE, 180, 200, ACK.</summary>
    public void Establish(Leg leg)
    {
        Agent.Invite(leg.Attempt, offer, null, Now);
        Agent.Receive(leg.Ringing, Phone, Now);
        Agent.Receive(leg.Answer, Phone, Now);
        Drain();
        Agent.Acknowledge(leg.Attempt.AttemptId, Now);
        Drain();
    }

    /// <summary>The phone's BYE and its 200.</summary>
    public void PhoneHangsUp(Leg leg)
    {
        Agent.Receive(leg.Bye, Phone, Now);
        Drain();
    }

    /// <summary>Our BYE; its answer is left to the timers.</summary>
    public void HangUp(Leg leg)
    {
        Agent.HangUp(leg.Attempt.AttemptId, HangUpReason.Normal, Now);
        Agent.TryTransmit(out var bye);
        Drain();
        if (SipParser.Parse(bye.Bytes.Span).Message is { } request) Agent.Receive(Messages.Response(request, 200, "", false), Phone, Now);
        Drain();
    }

    /// <summary>Moves the clock and fires what is due.</summary>
    public void Pass(TimeSpan time)
    {
        Now += time;
        Agent.Advance(Now);
        Drain();
    }

    void Drain()
    {
        while (Agent.TryTransmit(out _)) { }
        while (Agent.TryEvent(out _)) { }
    }
}
