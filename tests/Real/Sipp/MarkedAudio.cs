using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace OrleansCallback.Tests.Sipp;

/// <summary>
/// The audio socket of a phone: plays frames of 20 ms, of which no two are alike, and notes what it hears, frame by frame. Knows nothing of
/// the product's RTP code: twelve bytes of header by hand (RFC 3550 section 5.1).
/// </summary>
public sealed class MarkedAudio : IAsyncDisposable
{
    const int Header = 12, Frame = 160;
    const byte Version2 = 0x80, Pcma = 8;
    static readonly TimeSpan FrameTime = TimeSpan.FromMilliseconds(20);

    readonly Socket socket;
    readonly ConcurrentQueue<HeardFrame> heard = new();
    readonly CancellationTokenSource ended = new();
    readonly Task listening;
    readonly uint mark;

    /// <summary>Opens a socket on a free port of the address; frames of one <paramref name="mark"/> are known to be of this phone.</summary>
    public MarkedAudio(string address, uint mark)
    {
        this.mark = mark;
        var own = IPAddress.Parse(address);
        socket = new Socket(own.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(own, 0));
        Address = (IPEndPoint)socket.LocalEndPoint!;
        listening = ListenAsync();
    }

    /// <summary>What goes into the SDP.</summary>
    public IPEndPoint Address { get; }

    /// <summary>All that came in, oldest first.</summary>
    public IReadOnlyList<HeardFrame> Heard => [.. heard];

    /// <summary>How many different frames of this mark came in, byte for byte as they were played.</summary>
    public int FramesOf(uint other) => heard.Where(f => f.Mark == other).Select(f => f.Number).Distinct().Count();

    /// <summary>Frames that no marked phone played: hold audio.</summary>
    public int Unmarked => heard.Count(f => f.Mark is null);

    /// <summary>All G.711 A-law that came in, frame after frame.</summary>
    public byte[] Recorded => [.. heard.SelectMany(f => f.Payload)];

    /// <summary>Plays frames in their time, starting with number <paramref name="first"/>.</summary>
    public async Task PlayAsync(IPEndPoint to, int frames, int first = 0, byte payloadType = Pcma)
    {
        var packet = new byte[Header + Frame];
        var since = Stopwatch.StartNew();
        for (var n = 0; n < frames && !ended.IsCancellationRequested; n++)
        {
            var number = first + n;
            (packet[0], packet[1]) = (Version2, (byte)(n == 0 && first == 0 ? payloadType | 0x80 : payloadType));
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)number);
            BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), (uint)(number * Frame));
            BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), mark);
            Fill(packet.AsSpan(Header), mark, number);
            await socket.SendToAsync(packet, to);
            var due = FrameTime * (n + 1) - since.Elapsed;
            if (due > TimeSpan.Zero) await Task.Delay(due);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await listening;
        socket.Dispose();
        ended.Dispose();
    }

    async Task ListenAsync()
    {
        var packet = new byte[2048];
        var from = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        while (!ended.IsCancellationRequested)
        {
            try
            {
                var received = await socket.ReceiveFromAsync(packet, from, ended.Token);
                if (received.ReceivedBytes > Header)
                    heard.Enqueue(Read(packet.AsSpan(0, received.ReceivedBytes), (IPEndPoint)received.RemoteEndPoint));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // ICMP of a port that is closed already: the other side has hung up.
            }
        }
    }

    static HeardFrame Read(ReadOnlySpan<byte> packet, IPEndPoint from)
    {
        var (now, payloadType) = (Stopwatch.GetTimestamp(), packet[1] & 0x7F);
        var payload = packet[Header..];
        if (payload.Length != Frame) return new(now, null, 0, payloadType, from, []);
        var mark = BinaryPrimitives.ReadUInt32BigEndian(payload);
        var number = BinaryPrimitives.ReadInt32BigEndian(payload[4..]);
        Span<byte> expected = stackalloc byte[Frame];
        Fill(expected, mark, number);
        return payload.SequenceEqual(expected)
            ? new(now, mark, number, payloadType, from, payload.ToArray())
            : new(now, null, 0, payloadType, from, payload.ToArray());
    }

    // Mark and number, then bytes of a multiplicative generator seeded by both: a frame cannot be taken for another, nor come from silence.
    static void Fill(Span<byte> payload, uint mark, int number)
    {
        BinaryPrimitives.WriteUInt32BigEndian(payload, mark);
        BinaryPrimitives.WriteInt32BigEndian(payload[4..], number);
        var state = (((ulong)mark << 32) | (uint)number) * 0x9E3779B97F4A7C15;
        foreach (ref var b in payload[8..])
        {
            state = state * 6364136223846793005 + 1442695040888963407;
            b = (byte)(state >> 56);
        }
    }
}

/// <summary>A frame that came in.</summary>
/// <param name="At">Stopwatch ticks.</param>
/// <param name="Mark">Whose it is if it is, byte for byte, one that a marked phone plays.</param>
/// <param name="Number">Its number.</param>
/// <param name="PayloadType">Its payload type.</param>
/// <param name="From">Where it came from.</param>
/// <param name="Payload">Its audio.</param>
public sealed record HeardFrame(long At, uint? Mark, int Number, int PayloadType, IPEndPoint From, byte[] Payload);
