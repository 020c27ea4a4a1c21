using System.Collections.Concurrent;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Sip.Net.Media;

/// <summary>One dedicated thread that serves many RTP sockets: it waits, hands out packets, fires timers and runs what is posted to it. It
/// does not allocate per packet or per timer.</summary>
/// <remarks>Under load it takes a round at most every millisecond, so that a round finds several packets and the price of waking is shared;
/// a lone packet is handled at once.</remarks>
public sealed class RtpLoop : IDisposable
{
    /// <summary>A gap in the loop's own clock above this is reported: the process was stopped, and others may have taken over meanwhile.</summary>
    public static readonly TimeSpan LargestGap = TimeSpan.FromSeconds(2);

    static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(250);
    static readonly TimeSpan Round = TimeSpan.FromMilliseconds(1);

    readonly IPacketIo io;
    readonly TimeProvider clock;
    readonly Action<TimeSpan>? onGap;
    readonly Thread thread;
    readonly ConcurrentQueue<Action> posted = new();
    readonly PriorityQueue<LoopTimer, TimeSpan> timers = new();
    TimeSpan lastSeen;
    int waiting;
    volatile bool stopping;

    /// <summary>Starts the thread.</summary>
    /// <param name="name">The thread's name.</param>
    /// <param name="clock">Its timestamps are the loop's clock; null for the system's monotonic clock.</param>
    /// <param name="onGap">Told of a gap above <see cref="LargestGap"/>, on the loop's thread, before anything else is done.</param>
    /// <param name="managed">Use the framework's sockets even where epoll is available.</param>
    public RtpLoop(string name, TimeProvider? clock = null, Action<TimeSpan>? onGap = null, bool managed = false)
    {
        this.clock = clock ?? TimeProvider.System;
        this.onGap = onGap;
        io = OperatingSystem.IsLinux() && Environment.Is64BitProcess && !managed ? new EpollPacketIo() : new ManagedPacketIo();
        lastSeen = Now;
        thread = new Thread(Run) { Name = name, IsBackground = true };
        thread.Start();
    }

    /// <summary>"epoll" or "managed".</summary>
    public string Backend => io.Name;

    /// <summary>The loop's monotonic clock; its zero means nothing.</summary>
    public TimeSpan Now => clock.GetElapsedTime(0);

    /// <summary>Runs an action on the loop's thread, in the order of posting; from any thread. Nothing runs after <see cref="Dispose"/>.</summary>
    public void Post(Action action)
    {
        posted.Enqueue(action);
        if (Interlocked.Exchange(ref waiting, 0) == 1) io.Wake();
    }

    /// <summary>Begins to serve a socket. On the loop's thread only.</summary>
    public void Add(RtpSocket socket) => io.Add(socket);

    /// <summary>Stops serving a socket and forgets its timer. On the loop's thread only.</summary>
    public void Remove(RtpSocket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        socket.Due = LoopTimer.Never;
        io.Remove(socket);
    }

    /// <summary>Sets a timer, in place of what it was set to. On the loop's thread only.</summary>
    public void Schedule(LoopTimer timer, TimeSpan due)
    {
        ArgumentNullException.ThrowIfNull(timer);
        if (timer.Due == due) return;
        timer.Due = due;
        if (due != LoopTimer.Never) timers.Enqueue(timer, due);
    }

    /// <summary>Sends a copy of a datagram of at most <see cref="RtpSocket.MostBytes"/> from a socket by the end of the round; what the
    /// operating system does not take is told to <see cref="RtpSocket.OnUnsent"/>. On the loop's thread only.</summary>
    public void Send(RtpSocket from, ReadOnlySpan<byte> datagram, MediaEndpoint to) => io.Send(from, datagram, to);

    /// <summary>Connects a socket to the only peer that it is to hear, or to nobody again, where the backend can. On the loop's thread only.</summary>
    internal void Connect(RtpSocket socket, MediaEndpoint? peer) => io.Connect(socket, peer);

    /// <summary>Ends the thread and waits for it. Sockets stay their owners' to close.</summary>
    public void Dispose()
    {
        if (stopping) return;
        stopping = true;
        io.Wake();
        if (Thread.CurrentThread != thread) thread.Join();
        io.Dispose();
    }

    void Run()
    {
        var nextRound = TimeSpan.Zero;
        while (!stopping)
        {
            RunPosted();
            FireTimers(ReadClock());
            io.Flush();
            // While packets come they gather until the next round; when none has come, the next one ends the wait.
            var left = nextRound - Now;
            if (left > TimeSpan.Zero) io.Sleep(left);
            var ready = io.Wait(nextRound == TimeSpan.Zero ? HowLong() : TimeSpan.Zero);
            Volatile.Write(ref waiting, 0);
            nextRound = TimeSpan.Zero;
            if (ready == 0) continue;
            var now = ReadClock();
            RunPosted(); // what was posted before a packet was sent takes effect before that packet
            nextRound = io.Deliver(now) ? now : now + Round;
        }
    }

    TimeSpan HowLong()
    {
        Interlocked.Exchange(ref waiting, 1);
        if (!posted.IsEmpty || stopping) return TimeSpan.Zero;
        if (!timers.TryPeek(out _, out var due)) return LongestWait;
        var left = due - Now;
        return left <= TimeSpan.Zero ? TimeSpan.Zero : left < LongestWait ? left : LongestWait;
    }

    void RunPosted()
    {
        while (posted.TryDequeue(out var action)) action();
    }

    void FireTimers(TimeSpan now)
    {
        while (timers.TryPeek(out var timer, out var due) && due <= now)
        {
            timers.Dequeue();
            if (timer.Due != due) continue;
            timer.Due = LoopTimer.Never;
            timer.OnTimer(now);
        }
    }

    TimeSpan ReadClock()
    {
        var now = Now;
        var gap = now - lastSeen;
        lastSeen = now;
        if (gap > LargestGap) onGap?.Invoke(gap);
        return now;
    }
}
