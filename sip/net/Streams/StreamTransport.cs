using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OrleansCallback.Sip.Net;

/// <summary>
/// TCP and TLS of one signalling loop (RFC 3261 section 18). All its methods but <see cref="Tell"/> and <see cref="Accepted"/> belong to the
/// loop's thread; connections hand it their bytes through a queue that holds at most three entries of each.
/// </summary>
sealed class StreamTransport : IDisposable
{
    /// <summary>How often limits of time are looked at.</summary>
    static readonly TimeSpan SweepEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>A connection that ended sooner is not made again for those who wait: a peer that lets nobody stay would have us run in circles.</summary>
    static readonly TimeSpan ShortestLife = TimeSpan.FromMilliseconds(500);

    static readonly byte[] Pong = "\r\n"u8.ToArray();

    readonly StreamLimits limits;
    readonly StreamMaking making;
    readonly Action wake;
    readonly Action<NotConnected> notConnected;
    readonly Action<Hop> ended;
    readonly IReadOnlyList<StreamListener> listeners;
    readonly ConcurrentQueue<StreamNews> news = new();
    readonly ConcurrentDictionary<IPAddress, int> acceptedFrom = new();
    readonly Dictionary<long, StreamConnection> byId = [];
    readonly Dictionary<(SipTransport, IPEndPoint, string?), StreamConnection> byPeer = [];
    readonly List<StreamConnection> finishing = [];
    long lastId;
    int accepted, opened;
    TimeSpan sweptAt;
    volatile bool stopping;

    public StreamTransport(StreamLimits limits, TlsIdentity? tls, IReadOnlyList<PortBind> binds, TimeProvider clock,
        Action wake, Action<NotConnected> notConnected, Action<Hop> ended)
    {
        (this.limits, this.wake, this.notConnected, this.ended) = (limits, wake, notConnected, ended);
        making = new StreamMaking(limits, tls, clock);
        var made = new List<StreamListener>();
        listeners = made;
        try
        {
            foreach (var bind in binds) made.Add(new StreamListener(bind, clock, Accepted));
        }
        catch (SocketException)
        {
            foreach (var listener in made) listener.Dispose();
            throw;
        }
    }

    /// <summary>Where we listen.</summary>
    public IReadOnlyList<PortBind> Listening => [.. listeners.Select(l => l.Bound)];

    /// <summary>Connections in the table.</summary>
    public int Count => byId.Count;

    /// <summary>True while news waits.</summary>
    public bool HasNews => !news.IsEmpty;

    /// <summary>When limits of time are to be looked at; null while there is no connection.</summary>
    public TimeSpan? NextSweep => byId.Count == 0 ? null : sweptAt + SweepEvery;

    public void Start()
    {
        foreach (var listener in listeners) _ = listener.RunAsync();
    }

    /// <summary>
    /// Sends on the hop's own connection, on one to the same peer, or on a new one (RFC 3261 sections 18.1.1 and 18.2.2); to a flow on its own
    /// connection alone (RFC 5626 section 5.3).
    /// </summary>
    public void Send(Transmit transmit, UserAgent agent, TimeSpan now)
    {
        var hop = transmit.Destination;
        var connection = byId.GetValueOrDefault(hop.Connection) ?? (hop.IsFlow ? null : byPeer.GetValueOrDefault(Key(hop)) ?? Open(hop, now, transmit.IsForSize));
        if (connection is null)
        {
            agent.Unreachable(hop, now);
            return;
        }
        connection.LastUse = now;
        if (!connection.TrySend(transmit)) connection.End(StreamEnd.MaxUnsentBytes);
        else SignallingMeter.StreamSent(hop.Transport);
    }

    /// <summary>Takes what connections told; at most <paramref name="most"/> pieces, so that datagrams and timers get their turn.</summary>
    public void Take(UserAgent agent, TimeSpan now, int most)
    {
        for (var i = 0; i < most && news.TryDequeue(out var item); i++)
        {
            if (item.Kind == StreamNewsKind.Bytes) OnBytes(item, agent, now);
            else if (item.Kind == StreamNewsKind.Ended) OnEnded(item, agent, now);
            else OnOpen(item.Connection, now);
        }
        if (now - sweptAt >= SweepEvery) Sweep(agent, now);
    }

    /// <summary>After all has been sent: connections that are of no further use end when their last bytes have gone.</summary>
    public void FinishBroken()
    {
        foreach (var connection in finishing) connection.Finish();
        finishing.Clear();
    }

    public void Dispose()
    {
        stopping = true;
        foreach (var listener in listeners) listener.Dispose();
        foreach (var connection in byId.Values) connection.End(StreamEnd.Stopping);
        while (news.TryDequeue(out var item))
        {
            if (item.Kind == StreamNewsKind.Ended) SignallingMeter.ConnectionEnded(item.Connection, item.End);
        }
    }

    /// <summary>From any thread.</summary>
    void Tell(StreamNews item)
    {
        news.Enqueue(item);
        wake();
    }

    /// <summary>From the listeners' tasks: one connection more, or one too many.</summary>
    void Accepted(Socket socket, PortBind bind)
    {
        if (stopping || socket.RemoteEndPoint is not IPEndPoint remote)
        {
            socket.Dispose();
            return;
        }
        var address = remote.Address.IsIPv4MappedToIPv6 ? remote.Address.MapToIPv4() : remote.Address;
        if (Refusal(address) is { } reason)
        {
            SignallingMeter.ConnectionRefused(bind.Transport, reason);
            // A reset leaves nothing behind here, not even for a peer that never closes.
            socket.LingerState = new LingerOption(true, 0);
            socket.Dispose();
            return;
        }
        var connection = new StreamConnection(
            Interlocked.Increment(ref lastId), new Hop(bind.Transport, new IPEndPoint(address, remote.Port)), isAccepted: true, limits, Tell);
        _ = connection.RunAsync(stop => making.AcceptAsync(socket, bind, stop));
    }

    string? Refusal(IPAddress address)
    {
        if (Interlocked.Increment(ref accepted) > limits.MaxAccepted)
        {
            Interlocked.Decrement(ref accepted);
            return nameof(StreamLimits.MaxAccepted);
        }
        if (acceptedFrom.AddOrUpdate(address, 1, (_, count) => count + 1) <= limits.MaxAcceptedFromOne) return null;
        Leave(address);
        return nameof(StreamLimits.MaxAcceptedFromOne);
    }

    void Leave(IPAddress address)
    {
        Interlocked.Decrement(ref accepted);
        if (acceptedFrom.AddOrUpdate(address, 0, (_, count) => count - 1) <= 0) acceptedFrom.TryRemove(new(address, 0));
    }

    StreamConnection? Open(Hop hop, TimeSpan now, bool isForSize = false)
    {
        if (stopping || Listener(hop.Transport) is not { } listener) return null;
        if (opened >= limits.MaxOpened)
        {
            SignallingMeter.ConnectionRefused(hop.Transport, nameof(StreamLimits.MaxOpened));
            return null;
        }
        opened++;
        var connection = new StreamConnection(Interlocked.Increment(ref lastId), hop.AnyConnection, isAccepted: false, limits, Tell) { LastUse = now };
        Add(connection);
        var local = listener.Bound.EndPoint.Address;
        _ = Task.Run(() => connection.RunAsync(stop => making.ConnectAsync(hop, local, isForSize, stop)));
        return connection;
    }

    StreamListener? Listener(SipTransport transport) => listeners.FirstOrDefault(l => l.Bound.Transport == transport);

    void OnOpen(StreamConnection connection, TimeSpan now)
    {
        (connection.LastUse, connection.OpenSince) = (now, now);
        SignallingMeter.ConnectionOpened(connection.Peer.Transport, connection.IsAccepted);
        if (!connection.IsAccepted) return;
        connection.WaitsSince = now;
        Add(connection);
    }

    void Add(StreamConnection connection)
    {
        byId.Add(connection.Id, connection);
        byPeer[Key(connection.Peer)] = connection;
    }

    void OnBytes(StreamNews item, UserAgent agent, TimeSpan now)
    {
        var connection = item.Connection;
        connection.LastUse = now;
        if (!connection.IsFinishing)
        {
            connection.Framer.Append(connection.Piece(item.Bytes));
            TakeFrames(connection, agent, now);
        }
        connection.Consumed();
    }

    void TakeFrames(StreamConnection connection, UserAgent agent, TimeSpan now)
    {
        while (true)
        {
            switch (connection.Framer.Next(out var frame))
            {
                case FrameKind.Message:
                    connection.WaitsSince = null;
                    SignallingMeter.StreamReceived(connection.Peer.Transport);
                    SignallingMeter.Count(agent.Receive(frame, connection.Source, now));
                    break;
                case FrameKind.Ping:
                    connection.WaitsSince = null;
                    if (!connection.TrySend(new Transmit(connection.Peer, Pong))) connection.End(StreamEnd.MaxUnsentBytes);
                    break;
                case FrameKind.Fault:
                    (connection.IsFinishing, connection.WaitsSince) = (true, now);
                    LeavePeer(connection);
                    SignallingMeter.FrameFault(connection.Framer.Fault);
                    agent.RefuseFrame(frame, connection.Framer.Fault, connection.Source, now);
                    finishing.Add(connection);
                    return;
                default:
                    if (connection.Framer.Buffered > 0) connection.WaitsSince ??= now;
                    return;
            }
        }
    }

    void OnEnded(StreamNews item, UserAgent agent, TimeSpan now)
    {
        var connection = item.Connection;
        SignallingMeter.ConnectionEnded(connection, item.End);
        if (connection.IsAccepted) Leave(connection.Peer.EndPoint.Address);
        else opened--;
        byId.Remove(connection.Id);
        LeavePeer(connection);
        if (connection.OpenSince is not null) ended(connection.Source);
        connection.Dispose();
        if (!connection.IsAccepted && connection.OpenSince is null && item.End != StreamEnd.Stopping)
            notConnected(new NotConnected(connection.Peer, item.End, item.Cause));
        // A peer that hangs up at once, or reads nothing, is as good as one that cannot be reached.
        var lived = connection.OpenSince is { } since && now - since >= ShortestLife && item.End != StreamEnd.MaxUnsentBytes;
        var again = SendAgain(connection, lived, agent, now);
        if (!lived) agent.Unreachable(connection.Peer, now);
        else if (again) return; // whoever waits hears of the new connection
        else if (agent.ConnectionLost(connection.Peer, now) && !TryAgain(connection, now)) agent.Unreachable(connection.Peer, now);
    }

    /// <summary>
    /// What an ended connection left unsent goes on a new one: what was meant for this very connection to where Via says (RFC 3261 section
    /// 18.2.2), and requests that met a connection which the peer was just closing. True when there were such requests.
    /// </summary>
    bool SendAgain(StreamConnection connection, bool lived, UserAgent agent, TimeSpan now)
    {
        var any = false;
        foreach (var transmit in connection.TakeUnsent().ToArray())
        {
            if (transmit.Destination.IsFlow) continue;
            var own = transmit.Destination.Connection == connection.Id;
            if (!own && (!lived || transmit.Bytes.Span.SequenceEqual(Pong))) continue;
            any |= !own;
            Send(transmit with { Destination = transmit.Destination.AnyConnection }, agent, now);
        }
        return any;
    }

    void LeavePeer(StreamConnection connection)
    {
        if (byPeer.GetValueOrDefault(Key(connection.Peer)) == connection) byPeer.Remove(Key(connection.Peer));
    }

    /// <summary>Whether a peer whose connection ended lives shows when there is another one, or none can be made.</summary>
    bool TryAgain(StreamConnection ended, TimeSpan now) =>
        byPeer.ContainsKey(Key(ended.Peer)) || (!ended.IsAccepted && Open(ended.Peer, now) is not null);

    void Sweep(UserAgent agent, TimeSpan now)
    {
        sweptAt = now;
        IReadOnlySet<(SipTransport, IPEndPoint)>? calls = null;
        foreach (var connection in byId.Values)
        {
            if (connection.WaitsSince is { } since && now - since > limits.MessageLimit) connection.End(StreamEnd.MessageLimit);
            else if (now - connection.LastUse <= limits.IdleLimit) continue;
            else if (agent.Options.IsRegistered(connection.Peer.EndPoint) || (calls ??= agent.StreamsOfCalls()).Contains(Stream(connection.Peer)))
                connection.LastUse = now; // looked at again when it has been idle for as long once more
            else connection.End(StreamEnd.IdleLimit);
        }
    }

    static (SipTransport, IPEndPoint) Stream(Hop hop) => (hop.Transport, hop.EndPoint);

    static (SipTransport, IPEndPoint, string?) Key(Hop hop) => (hop.Transport, hop.EndPoint, hop.ServerName);
}
