using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using OrleansCallback.Sip;
using OrleansCallback.Sip.Net;
using OrleansCallback.Sip.Net.Media;
using OrleansCallback.Sip.Rtp;
using OrleansCallback.Sip.Sandbox;
using OrleansCallback.Tests.Media;

namespace OrleansCallback.Tests.Sandbox;

/// <summary>The product's own signalling and media, calling phones of a sandbox.</summary>
sealed class TestCaller : IAsyncDisposable
{
    readonly ConcurrentDictionary<string, Channel<CallEvent>> calls = new();
    readonly SignallingLoop signalling;

    public TestCaller(SandboxOptions? options = null)
    {
        Carrier = new SandboxCarrier(options);
        signalling = new SignallingLoop(new SignallingOptions(new IPEndPoint(IPAddress.Loopback, 0)), e => EventsOf(e.CallKey).Writer.TryWrite(e));
        signalling.Start();
    }

    public SandboxCarrier Carrier { get; }

    public TestPlane Media { get; } = new();

    /// <summary>A call with a leg of the media plane behind it.</summary>
    public TestCall Call(string number, Credentials? credentials = null, MediaLeg? near = null)
    {
        var key = $"test-{Guid.NewGuid():N}";
        var leg = Media.Open(near);
        var offer = new LocalAudio(leg.LocalEndPoint, 1);
        var attempt = InviteAttempt.Create(
            key, "sip:+4930100@caller.test", $"sip:{number}@{Carrier.EndPoint}", Carrier.EndPoint, signalling.SentBy, assertedIdentity: "sip:+4930199@caller.test");
        Assert.True(signalling.TryInvite(attempt, offer.Offer(), credentials));
        return new TestCall(signalling, EventsOf(key).Reader, key, attempt.CallId, leg, offer);
    }

    public Task<PhoneRecord> WhenAsync(TestCall call, Func<PhoneRecord, bool> reached) => WhenAsync(record => record.CallId == call.CallId && reached(record));

    public async Task<PhoneRecord> WhenAsync(Func<PhoneRecord, bool> reached)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        return await Carrier.WhenAsync(reached, limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        signalling.Dispose();
        await Media.DisposeAsync();
        await Carrier.DisposeAsync();
    }

    Channel<CallEvent> EventsOf(string key) => calls.GetOrAdd(key, _ => Channel.CreateUnbounded<CallEvent>());
}

sealed record TestCall(SignallingLoop Signalling, ChannelReader<CallEvent> Events, string Key, string CallId, MediaLeg Leg, LocalAudio Offer)
{
    /// <summary>The next event of a kind; only ringing may come before it.</summary>
    public async Task<T> NextAsync<T>()
        where T : CallEvent
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        while (true)
        {
            var happened = await Events.ReadAsync(limit.Token);
            if (happened is T wanted) return wanted;
            Assert.IsType<Ringing>(happened);
        }
    }

    /// <summary>Waits for the answer, acknowledges it and lets audio flow.</summary>
    public async Task<TestCall> TalkAsync()
    {
        var answered = await NextAsync<Answered>();
        Assert.Equal(SdpResult.Agreed, OfferAnswer.Accept(Offer, answered.Sdp.Span, out var agreed));
        Leg.SetRemote(new MediaRemote(agreed.Remote, MediaFormat.Of(agreed)));
        Leg.SetGrant(TimeSpan.FromMinutes(1));
        Leg.StartClock();
        Assert.True(Signalling.TryAcknowledge(Key));
        return this;
    }

    public void HangUp() => Assert.True(Signalling.TryHangUp(Key, HangUpReason.Normal));
}
