using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OrleansCallback.Sip.Net;

/// <summary>
/// The sockets of one <see cref="UserAgent"/> and the one thread that owns it. Commands come in from any thread through a bounded queue;
/// events go out on the loop's thread, in order, to a callback that must not block.
/// </summary>
public sealed class SignallingLoop : IDisposable
{
    /// <summary>The longest sleep: bounds the harm of a lost wake-up and lets a gap of the clock show.</summary>
    static readonly TimeSpan LongestSleep = TimeSpan.FromMilliseconds(500);

    /// <summary>Datagrams, pieces of streams and commands that are taken before timers get their turn again.</summary>
    const int Batch = 64;

    readonly SignallingOptions options;
    readonly Action<CallEvent> onEvent;
    readonly SignallingPorts ports;
    readonly SignallingSocket socket;
    readonly StreamTransport streams;
    readonly NameLookUps lookUps;
    readonly UserAgent agent;
    readonly ConcurrentQueue<Action<UserAgent, TimeSpan>> commands = new();
    readonly Thread thread;
    readonly long started;
    int waiting, asleep;
    volatile bool stopping;
    int calls, transactions;
    TimeSpan last;

    /// <summary>Binds the sockets. Nothing is received before <see cref="Start"/>.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="onEvent">Gets every event, on the loop's thread.</param>
    /// <exception cref="SocketException">The address cannot be bound.</exception>
    /// <exception cref="ArgumentException">A wildcard address without <see cref="SignallingOptions.Advertised"/>, or TLS without a certificate.</exception>
    public SignallingLoop(SignallingOptions options, Action<CallEvent> onEvent)
    {
        this.options = options;
        this.onEvent = onEvent;
        ports = new SignallingPorts(options, Wake, failure => NotConnected?.Invoke(failure), ended => ConnectionEnded?.Invoke(ended));
        (socket, streams) = (ports.Socket, ports.Streams);
        agent = new UserAgent(options.Agent(ports.SentBy) with { Addresses = ports.Addresses });
        lookUps = new NameLookUps(options.Locator, Wake);
        started = options.Clock.GetTimestamp();
        thread = new Thread(Run) { IsBackground = true, Name = $"sip-{LocalEndPoint.Port}" };
    }

    /// <summary>The UDP address and port that were bound; without UDP those of the first transport.</summary>
    public IPEndPoint LocalEndPoint => ports.EndPoints[0].EndPoint;

    /// <summary>All addresses and ports that were bound, in the order of <see cref="SignallingOptions.Transports"/>, UDP first.</summary>
    public IReadOnlyList<(SipTransport Transport, IPEndPoint EndPoint)> EndPoints => ports.EndPoints;

    /// <summary>Our address as it stands in Via and Contact; for <see cref="InviteAttempt.Create"/>.</summary>
    public string SentBy => agent.Options.SentBy;

    /// <summary>Calls in the table, a moment ago.</summary>
    public int Calls => Volatile.Read(ref calls);

    /// <summary>Live transactions, a moment ago.</summary>
    public int Transactions => Volatile.Read(ref transactions);

    /// <summary>
    /// The loop's clock stood still for this long: the process hung and woke. Raised on the loop's thread before anything is received
    /// or sent.
    /// </summary>
    public event Action<TimeSpan>? ClockGap;

    /// <summary>A connection ended: a flow that was registered on it is no more (RFC 5626 section 4.2.2). Raised on the loop's thread.</summary>
    public event Action<Hop>? ConnectionEnded;

    /// <summary>A connection that we wanted could not be made; what waited for it has failed or went elsewhere. Raised on the loop's thread.</summary>
    public event Action<NotConnected>? NotConnected;

    /// <summary>A callback or a command threw, or an invariant of the user agent broke. The loop goes on. Raised on the loop's thread.</summary>
    public event Action<Exception>? Faulted;

    /// <summary>Starts the thread.</summary>
    public void Start()
    {
        streams.Start();
        thread.Start();
    }

    /// <summary>
    /// Runs a command on the loop's thread. False when the queue is full or the loop is disposed; then nothing will happen.
    /// </summary>
    public bool TryPost(Action<UserAgent, TimeSpan> command)
    {
        if (stopping || Interlocked.Increment(ref waiting) > options.MaxCommands)
        {
            if (!stopping) Interlocked.Decrement(ref waiting);
            SignallingMeter.CommandsRefused.Add(1);
            return false;
        }
        commands.Enqueue(command);
        Wake();
        return true;
    }

    /// <summary>See <see cref="UserAgent.Invite"/>.</summary>
    public bool TryInvite(InviteAttempt attempt, ReadOnlyMemory<byte> offer, Credentials? credentials) =>
        TryPost((agent, now) => agent.Invite(attempt, offer, credentials, now));

    /// <summary>See <see cref="UserAgent.Ping"/>.</summary>
    public bool TryPing(OptionsPing ping) => TryPost((agent, now) => agent.Ping(ping, now));

    /// <summary>See <see cref="UserAgent.Register"/>.</summary>
    public bool TryRegister(Registration registration, Credentials? credentials) =>
        TryPost((agent, now) => agent.Register(registration, credentials, now));

    /// <summary>See <see cref="UserAgent.Unregister"/>.</summary>
    public bool TryUnregister(string key) => TryPost((agent, now) => agent.Unregister(key, now));

    /// <summary>See <see cref="UserAgent.ForgetRegistration"/>.</summary>
    public bool TryForgetRegistration(string key) => TryPost((agent, _) => agent.ForgetRegistration(key));

    /// <summary>See <see cref="UserAgent.Acknowledge"/>.</summary>
    public bool TryAcknowledge(string callKey) => TryPost((agent, now) => agent.Acknowledge(callKey, now));

    /// <summary>See <see cref="UserAgent.HangUp"/>.</summary>
    public bool TryHangUp(string callKey, HangUpReason reason) => TryPost((agent, now) => agent.HangUp(callKey, reason, now));

    /// <summary>See <see cref="UserAgent.Reinvite"/>.</summary>
    public bool TryReinvite(string callKey, ReadOnlyMemory<byte> sdp) => TryPost((agent, now) => agent.Reinvite(callKey, sdp, now));

    /// <summary>See <see cref="UserAgent.Update"/>.</summary>
    public bool TryUpdate(string callKey, ReadOnlyMemory<byte> sdp = default) => TryPost((agent, now) => agent.Update(callKey, sdp, now));

    /// <summary>See <see cref="UserAgent.Ring"/>.</summary>
    public bool TryRing(string callKey, int code = 180, ReadOnlyMemory<byte> sdp = default) =>
        TryPost((agent, now) => agent.Ring(callKey, code, sdp, now));

    /// <summary>See <see cref="UserAgent.Answer"/>.</summary>
    public bool TryAnswer(string callKey, ReadOnlyMemory<byte> sdp) => TryPost((agent, now) => agent.Answer(callKey, sdp, now));

    /// <summary>See <see cref="UserAgent.Reject"/>.</summary>
    public bool TryReject(string callKey, int code, params HeaderLine[] headers) =>
        TryPost((agent, now) => agent.Reject(callKey, code, now, headers));

    /// <summary>Stops the thread and closes the sockets. Calls are not ended: who owns them does that first.</summary>
    public void Dispose()
    {
        if (stopping) return;
        stopping = true;
        socket.Wake();
        if (thread.IsAlive && thread != Thread.CurrentThread) thread.Join();
        lookUps.Dispose();
        ports.Dispose();
        ShowCounts(0, 0);
    }

    TimeSpan Now => options.Clock.GetElapsedTime(started);

    void Run()
    {
        last = Now;
        while (!stopping)
        {
            try
            {
                Turn();
            }
            catch (Exception fault)
            {
                // One broken call or callback must not take all others with it; the owner decides what it means.
                SignallingMeter.Faults.Add(1);
                Faulted?.Invoke(fault);
            }
        }
    }

    void Turn()
    {
        Sleep();
        var now = Now;
        var gap = now - last;
        last = now;
        if (gap > options.ClockGapLimit)
        {
            SignallingMeter.ClockGaps.Add(1);
            ClockGap?.Invoke(gap);
        }
        RunCommands(now);
        for (var i = 0; i < Batch && socket.TryReceive(out var datagram, out var source); i++)
        {
            if (datagram.IsEmpty || !ports.SpeaksUdp) continue;
            SignallingMeter.Received.Add(1);
            SignallingMeter.Count(agent.Receive(datagram, source, now));
        }
        streams.Take(agent, now, Batch);
        lookUps.Take(agent, now);
        agent.Advance(now);
        Drain(now);
        streams.FinishBroken();
    }

    void RunCommands(TimeSpan now)
    {
        for (var i = 0; i < Batch && commands.TryDequeue(out var command); i++)
        {
            Interlocked.Decrement(ref waiting);
            command(agent, now);
        }
    }

    void Drain(TimeSpan now)
    {
        while (agent.TryQuestion(out var target)) lookUps.Ask(target);
        while (agent.TryTransmit(out var transmit))
        {
            if (transmit.Destination.IsReliable) streams.Send(transmit, agent, now);
            else socket.Send(transmit);
        }
        ShowCounts(agent.Calls, agent.Transactions);
        while (agent.TryEvent(out var e)) onEvent(e);
    }

    /// <summary>Ends a <see cref="Sleep"/>; from any thread.</summary>
    void Wake()
    {
        if (Interlocked.Exchange(ref asleep, 0) == 1) socket.Wake();
    }

    bool HasWork => !commands.IsEmpty || streams.HasNews || lookUps.HasAnswers;

    /// <summary>Waits for a datagram, a piece of a stream, a command or a timer.</summary>
    void Sleep()
    {
        var wait = LongestSleep;
        if (agent.NextWake is { } wake && wake - last < wait) wait = wake - Now;
        if (streams.NextSweep is { } sweep && sweep - last < wait) wait = sweep - Now;
        if (wait <= TimeSpan.Zero || HasWork) return;
        Volatile.Write(ref asleep, 1);
        Interlocked.MemoryBarrier();
        // What came before the flag was seen would not wake us.
        if (!HasWork && !stopping) socket.Wait(wait);
        Volatile.Write(ref asleep, 0);
    }

    void ShowCounts(int nowCalls, int nowTransactions)
    {
        if (nowCalls != calls) SignallingMeter.Calls.Add(nowCalls - calls);
        if (nowTransactions != transactions) SignallingMeter.Transactions.Add(nowTransactions - transactions);
        Volatile.Write(ref calls, nowCalls);
        Volatile.Write(ref transactions, nowTransactions);
    }
}
