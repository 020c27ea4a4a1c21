using System.Net;
using System.Net.Sockets;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Sip.Net.Media;

/// <summary>The open ports of one media thread. Legs are seated from any thread and leave on the media thread, hence the lock, which no packet
/// takes.</summary>
sealed class PortShelf(MediaThread thread, PortPool pool, MediaPlaneOptions options) : IDisposable
{
    /// <summary>Ports tried for one leg when other programs sit on some of them.</summary>
    const int MostTries = 64;

    readonly HashSet<MediaPort> ports = [];
    readonly List<MediaPort> shared = [];

    public Lock Gate { get; } = new();

    /// <summary>Ports without a leg that wait for silence.</summary>
    public int Quarantined
    {
        get
        {
            lock (Gate) return ports.Count(port => port.Legs == 0);
        }
    }

    /// <summary>Gives a leg its place, on a port with others if it may share and one has room; false if there is no port left.</summary>
    public bool TrySeat(LegRelay leg, MediaAddress address, MediaPorts use)
    {
        lock (Gate)
        {
            var now = thread.Loop.Now;
            if ((use == MediaPorts.Shared ? Roomy(address, now) : null) is not { } port)
            {
                var alone = use != MediaPorts.Shared || shared.Count >= options.SharedPorts;
                if (TryOpen(address, alone, use == MediaPorts.Connected) is not { } opened) return false;
                port = opened;
            }

            port.Seat(leg);
            return true;
        }
    }

    /// <summary>A port that is closed; under the lock.</summary>
    public void Remove(MediaPort port)
    {
        ports.Remove(port);
        shared.Remove(port);
        pool.Return(port.Number);
    }

    public void Dispose()
    {
        foreach (var port in ports) port.Dispose();
    }

    /// <summary>The fullest: the fewer sockets, the more packets one call takes from each.</summary>
    MediaPort? Roomy(MediaAddress address, TimeSpan now)
    {
        MediaPort? best = null;
        foreach (var port in shared)
            if (port.Address == address && port.HasRoom(now) && (best is null || port.Legs > best.Legs)) best = port;
        return best;
    }

    MediaPort? TryOpen(MediaAddress address, bool alone, bool connects)
    {
        for (var tries = 0; tries < MostTries && pool.TryTake(out var number); tries++)
        {
            if (Bind(address.Bound, number, alone) is { } rtp)
            {
                if (Bind(address.Bound, number + 1, alone) is { } rtcp)
                {
                    var port = new MediaPort(thread, this, address, number, rtp, rtcp, alone, connects, options);
                    ports.Add(port);
                    if (!alone) shared.Add(port);
                    thread.Loop.Post(port.Begin);
                    return port;
                }

                rtp.Dispose();
            }

            pool.Return(number);
        }

        return null;
    }

    static Socket? Bind(IPAddress address, int number, bool alone)
    {
        var socket = RtpSocket.TryBind(address, number);
        if (socket is not null && !alone) SocketBuffers.Enlarge(socket);
        return socket;
    }
}
