using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace OrleansCallback.Load.Flood;

/// <summary>Sends rubbish at a steady rate from many addresses, and counts what is answered. One thread of its own.</summary>
public static class RubbishSender
{
    const int Sources = 32;
    static readonly TimeSpan Slot = TimeSpan.FromMilliseconds(2);

    /// <summary>Sends for so long; what is late is caught up with, so that the rate holds.</summary>
    public static Task<RubbishSent> SendAsync(IPEndPoint target, int rate, TimeSpan time, int seed = 1) =>
        Task.Factory.StartNew(() => Send(target, rate, time, seed), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    static RubbishSent Send(IPEndPoint target, int rate, TimeSpan time, int seed)
    {
        var rubbish = new Rubbish(seed, $"{target}");
        var sockets = Enumerable.Range(1, Sources).Select(Bind).ToArray();
        long sent = 0, answered = 0;
        var since = Stopwatch.StartNew();
        while (since.Elapsed < time)
        {
            for (var due = (long)(since.Elapsed.TotalSeconds * rate); sent < due; sent++) Send(sockets[sent % Sources], rubbish.Next(), target);
            answered += sockets.Sum(Drain);
            Thread.Sleep(Slot);
        }

        var seconds = since.Elapsed.TotalSeconds;
        answered += sockets.Sum(Drain);
        foreach (var socket in sockets) socket.Dispose();
        return new(sent, answered, seconds);
    }

    static Socket Bind(int n)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(new IPAddress([127, 0, 66, (byte)n]), 0));
        return socket;
    }

    static void Send(Socket socket, byte[] message, IPEndPoint target)
    {
        try
        {
            socket.SendTo(message, target);
        }
        catch (SocketException)
        {
            // ICMP: the judge is whoever is flooded, not the sender.
        }
    }

    static int Drain(Socket socket)
    {
        Span<byte> answer = stackalloc byte[2048];
        var answers = 0;
        while (socket.Available > 0)
        {
            try
            {
                socket.Receive(answer);
                answers++;
            }
            catch (SocketException)
            {
                break;
            }
        }

        return answers;
    }
}

/// <summary>What a flood was.</summary>
/// <param name="Datagrams">Datagrams sent.</param>
/// <param name="Answers">Datagrams that came back.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record RubbishSent(long Datagrams, long Answers, double Seconds);
