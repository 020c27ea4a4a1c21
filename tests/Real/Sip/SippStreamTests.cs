using System.Collections.Concurrent;
using System.Net;
using OrleansCallback.Load.Processes;
using OrleansCallback.Sip;
using OrleansCallback.Sip.Net;
using OrleansCallback.Tests.Sipp;
using Xunit;

namespace OrleansCallback.Tests.Sip;

/// <summary>TCP against SIPp on both sides.</summary>
public sealed class SippStreamTests
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Short = TimeSpan.FromMilliseconds(100);

    static SignallingOptions Options(IPEndPoint bind) => new(bind)
    {
        Transports = [SipTransport.Udp, SipTransport.Tcp],
        Agent = sentBy => new UserAgentOptions(sentBy) { AcceptsCalls = true },
    };

    static byte[] Sdp() => new LocalAudio(new IPEndPoint(IPAddress.Loopback, 30_000), 1).Offer();

    [Fact]
    public async Task SIPp_calls_over_TCP()
    {
        SignallingLoop loop = null!;
        using var phone = loop = new SignallingLoop(Options(FreePorts.Udp("127.0.0.1")), e =>
        {
            if (e is not IncomingCall call) return;
            loop.TryRing(call.CallKey);
            loop.TryAnswer(call.CallKey, Sdp());
        });
        phone.Start();
        Assert.Equal(0, await SippCaller.CallAsync(phone.LocalEndPoint, TimeSpan.FromSeconds(1), Short, transport: SipTransport.Tcp));
    }

    [Fact]
    public async Task SIPp_is_called_over_TCP_and_hung_up_on_and_canceled()
    {
        foreach (var answers in (bool[])[true, false])
        {
            var script = answers ? PhoneScript.Answers with { Ring = Short } : PhoneScript.NeverAnswers;
            await using var phone = await SippPhone.StartAsync(FreePorts.Udp("127.0.0.2"), script, SipTransport.Tcp);
            var events = new BlockingCollection<CallEvent>();
            using var caller = new SignallingLoop(Options(new IPEndPoint(IPAddress.Loopback, 0)), events.Add);
            caller.Start();
            var target = new Hop(SipTransport.Tcp, phone.Address);
            caller.TryInvite(InviteAttempt.Create("one", $"sip:a@{caller.SentBy}", $"sip:b@{phone.Address}", target, caller.SentBy), Sdp(), null);
            Assert.True(events.TryTake(out var ringing, Limit) && ringing is Ringing, $"{ringing}");
            if (answers) Assert.True(events.TryTake(out var answered, Limit) && answered is Answered, $"{answered}");
            caller.TryAcknowledge("one");
            caller.TryHangUp("one", HangUpReason.Normal);
            Assert.True(events.TryTake(out var ended, Limit) && ended is Ended, $"{ended}");
            await phone.FinishAsync();
            Assert.Equal(answers ? ["INVITE", "180", "200", "ACK", "BYE", "200"] : ["INVITE", "180", "CANCEL", "200", "487", "ACK"],
                phone.Messages.Select(m => m.Method ?? $"{m.Code}"));
        }
    }
}
