using System.Net;
using System.Threading.Channels;
using OrleansCallback.Sip;
using OrleansCallback.Sip.Net;

namespace OrleansCallback.Tests.Sipp;

/// <summary>The product's user agent on a socket of its own, calling a SIPp phone; it acknowledges answers by itself.</summary>
sealed class TestCaller : IDisposable
{
    public const string Key = "call";

    static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    readonly Channel<CallEvent> events = Channel.CreateUnbounded<CallEvent>();
    readonly IPEndPoint phone;

    public TestCaller(IPEndPoint phone, Func<UserAgentOptions, UserAgentOptions>? options = null)
    {
        this.phone = phone;
        var settings = new SignallingOptions(new IPEndPoint(IPAddress.Loopback, 0)) { Agent = sentBy => (options ?? (o => o))(new(sentBy)) };
        Loop = new SignallingLoop(settings, e =>
        {
            if (e is Answered) Loop!.TryAcknowledge(e.CallKey);
            events.Writer.TryWrite(e);
        });
        Loop.Start();
    }

    public SignallingLoop Loop { get; }

    public static byte[] Offer(int port = 30_000) => new LocalAudio(new IPEndPoint(IPAddress.Loopback, port), 1).Offer();

    public void Call(Func<InviteAttempt, InviteAttempt>? change = null, Credentials? credentials = null)
    {
        var attempt = InviteAttempt.Create(Key, $"sip:us@{Loop.SentBy}", $"sip:phone@{phone}", phone, Loop.SentBy);
        Assert.True(Loop.TryInvite((change ?? (a => a))(attempt), Offer(), credentials));
    }

    /// <summary>The next event; others than the expected one fail the test.</summary>
    public async Task<T> NextAsync<T>() where T : CallEvent
    {
        using var limit = new CancellationTokenSource(Limit);
        return Assert.IsType<T>(await events.Reader.ReadAsync(limit.Token));
    }

    public async Task<Answered> AnsweredAsync()
    {
        while (true)
        {
            using var limit = new CancellationTokenSource(Limit);
            switch (await events.Reader.ReadAsync(limit.Token))
            {
                case Ringing: break;
                case Answered answered: return answered;
                case var other: throw new InvalidOperationException($"{other} in place of an answer");
            }
        }
    }

    public void HangUp() => Loop.TryHangUp(Key, HangUpReason.Normal);

    public void Dispose() => Loop.Dispose();
}
