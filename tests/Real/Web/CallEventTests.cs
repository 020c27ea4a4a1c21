using System.Net;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OrleansCallback.Calls;
using OrleansCallback.Tests.Processes;
using OrleansCallback.Tests.Web.StandIn;
using OrleansCallback.Web.Callbacks;

namespace OrleansCallback.Tests.Web;

/// <summary>The events of a call, fanned out on one web node; the call is a stand-in whose steps the test gives.</summary>
public sealed class CallEventTests(StandInServer server) : IClassFixture<StandInServer>
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_readers_of_one_call_share_one_subscription_and_each_gets_every_step()
    {
        var (id, _, session) = Call(server);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        session.Steps = Steps;
        using var http = await server.LogInAsync();
        var readers = new List<StreamReader>();
        for (var count = 0; count < 5; count++)
        {
            readers.Add(new(await http.GetStreamAsync($"/v1/callbacks/{id}/events", Cancellation)));
            Assert.Equal("1", await NextIdAsync(readers[^1]));
        }

        Assert.Equal(1, session.Subscriptions);
        goOn.SetResult();
        foreach (var reader in readers)
            Assert.Equal(["2", "3"], Ids(await reader.ReadToEndAsync(Cancellation)));
        Assert.Equal(1, session.Subscriptions);
        await Waiting.UntilAsync("the last feed to end", Soon, () => server.Services.GetRequiredService<CallEventHub>().Feeds == 0);

        async IAsyncEnumerable<CallEvent> Steps(long after)
        {
            yield return Step(1, CallStatus.Authorizing);
            await goOn.Task;
            yield return Step(2, CallStatus.CallingMember);
            yield return Step(3, CallStatus.Failed, CallOutcome.MemberBusy);
        }
    }

    [Fact]
    public async Task A_reader_resumes_after_the_last_event_it_saw()
    {
        var (id, steps, _) = Call(server);
        for (var number = 1; number <= 3; number++)
            steps.Writer.TryWrite(Step(number, CallStatus.CallingMember));
        steps.Writer.TryWrite(Step(4, CallStatus.Completed, CallOutcome.Bridged));
        using var http = await server.LogInAsync();
        http.DefaultRequestHeaders.Add("Last-Event-ID", "2");
        Assert.Equal(["3", "4"], Ids(await http.GetStringAsync($"/v1/callbacks/{id}/events", Cancellation)));
    }

    [Fact]
    public async Task A_subscription_that_breaks_is_made_again_from_the_last_step()
    {
        var (id, _, session) = Call(server);
        session.Steps = Broken;
        using var http = await server.LogInAsync();
        Assert.Equal(["1", "2", "3"], Ids(await http.GetStringAsync($"/v1/callbacks/{id}/events", Cancellation)));

        static async IAsyncEnumerable<CallEvent> Broken(long after)
        {
            await Task.Yield();
            yield return after == 2 ? Step(3, CallStatus.Canceled, CallOutcome.CanceledByMember) : Step(after + 1, CallStatus.CallingMember);
            if (after < 2)
                throw new TimeoutException("the silo is gone");
        }
    }

    [Fact]
    public async Task After_the_final_event_there_is_nothing_to_resume()
    {
        var (id, _, session) = Call(server);
        session.View = session.View! with { Status = CallStatus.Completed, LastEvent = 4 };
        using var http = await server.LogInAsync();
        http.DefaultRequestHeaders.Add("Last-Event-ID", "4");
        Assert.Equal(HttpStatusCode.NoContent, (await http.GetAsync($"/v1/callbacks/{id}/events", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task A_slow_reader_is_cut_off_and_the_others_are_not()
    {
        var steps = Channel.CreateUnbounded<CallEvent>();
        using var feed = new CallEventFeed(
            "cbslow", _ => steps.Reader.ReadAllAsync(), TimeProvider.System, NullLogger<CallEventFeed>.Instance);
        Assert.True(feed.TryJoin(0, (_, _) => { }, out var slow));
        Assert.True(feed.TryJoin(0, (_, _) => { }, out var quick));
        feed.Start(Cancellation);
        var most = CallEventReader.LongestQueue + 6;
        var read = new List<long>();
        var reading = Task.Run(async () =>
        {
            await foreach (var step in quick.ReadAsync())
            {
                read.Add(step.Number);
                steps.Writer.TryWrite(Step(step.Number + 1, step.Number + 1 < most ? CallStatus.CallingMember : CallStatus.Completed));
            }
        }, Cancellation);
        steps.Writer.TryWrite(Step(1, CallStatus.Authorizing));
        await reading.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        Assert.Equal(Enumerable.Range(1, most).Select(number => (long)number), read);
        var late = new List<long>();
        await foreach (var step in slow.ReadAsync())
            late.Add(step.Number);
        Assert.Equal(Enumerable.Range(1, CallEventReader.LongestQueue).Select(number => (long)number), late);
    }

    [Fact]
    public async Task A_silent_stream_says_every_15_seconds_that_it_lives()
    {
        var time = new HeartbeatClock();
        await using var still = new StandInServer { Time = time };
        var (id, steps, _) = Call(still);
        using var http = await still.LogInAsync();
        using var reader = new StreamReader(await http.GetStreamAsync($"/v1/callbacks/{id}/events", Cancellation));
        Assert.Equal("retry: 1000", await reader.ReadLineAsync(Cancellation));
        Assert.Equal("", await reader.ReadLineAsync(Cancellation));
        // A comment of these 14 s would stand before the event.
        await time.HeartbeatDueAsync(Cancellation);
        time.Advance(ServerSentEvents.Heartbeat - TimeSpan.FromSeconds(1));
        steps.Writer.TryWrite(Step(1, CallStatus.CallingMember));
        Assert.Equal("id: 1", await reader.ReadLineAsync(Cancellation));
        Assert.StartsWith("data: ", await reader.ReadLineAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal("", await reader.ReadLineAsync(Cancellation));

        for (var beat = 0; beat < 2; beat++)
        {
            await time.HeartbeatDueAsync(Cancellation);
            time.Advance(ServerSentEvents.Heartbeat);
            Assert.Equal(":", await reader.ReadLineAsync(Cancellation));
            Assert.Equal("", await reader.ReadLineAsync(Cancellation));
        }
    }

    /// <summary>A clock that tells when somebody waits for the next heartbeat.</summary>
    sealed class HeartbeatClock() : FakeTimeProvider(DateTimeOffset.UtcNow)
    {
        readonly Channel<bool> waiting = Channel.CreateUnbounded<bool>();

        public async Task HeartbeatDueAsync(CancellationToken cancellation) =>
            await waiting.Reader.ReadAsync(cancellation).AsTask().WaitAsync(Soon, cancellation);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime == ServerSentEvents.Heartbeat) waiting.Writer.TryWrite(true);
            return timer;
        }
    }

    [Fact]
    public async Task Another_members_events_are_unknown()
    {
        var (id, _, session) = Call(server);
        session.View = session.View! with { Caller = "bob" };
        using var http = await server.LogInAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync($"/v1/callbacks/{id}/events", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync($"/v1/callbacks/{id}", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.DeleteAsync($"/v1/callbacks/{id}", Cancellation)).StatusCode);
    }

    static (string Id, Channel<CallEvent> Steps, StandInSession Session) Call(StandInServer server)
    {
        var id = CallbackRequest.IdFor("main", "alice", Guid.NewGuid().ToString());
        var steps = Channel.CreateUnbounded<CallEvent>();
        var session = new StandInSession
        {
            View = new()
            {
                Id = id,
                Caller = "Alice",
                Merchant = "bakery",
                MemberNumber = "+493023125001",
                Payer = Payer.Member,
                Status = CallStatus.CallingMember,
                CreatedAt = DateTimeOffset.UnixEpoch,
                LastEvent = 1,
            },
            Steps = after => steps.Reader.ReadAllAsync(),
        };
        server.Cluster.Sessions[id] = session;
        return (id, steps, session);
    }

    static CallEvent Step(long number, CallStatus status, CallOutcome? outcome = null) => new(number, DateTimeOffset.UnixEpoch, status, outcome);

    static IEnumerable<string> Ids(string text) =>
        text.Split('\n').Where(line => line.StartsWith("id: ", StringComparison.Ordinal)).Select(line => line[4..]);

    static async Task<string> NextIdAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync(Cancellation) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
                return line[4..];
        }

        throw new EndOfStreamException("The stream ended without another event.");
    }
}
