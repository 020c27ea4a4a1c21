using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace OrleansCallback.Load.Media.Generator;

/// <summary>What a phone hears.</summary>
/// <param name="to">The phone's IPv4 address in host byte order.</param>
/// <param name="packet">The datagram.</param>
/// <param name="at">When the kernel took it, in ticks of UTC.</param>
delegate void PacketHeard(uint to, ReadOnlySpan<byte> packet, long at);

/// <summary>
/// One UDP socket for many phones, each with a loopback address of its own on the socket's port: IP_PKTINFO says whose a datagram is in both
/// directions. Datagrams go and come in batches, so that the generator keeps up with the relay on one core.
/// </summary>
sealed unsafe class GeneratorSocket : IDisposable
{
    const int Batch = 64, PacketBytes = 512, NameBytes = 16, ControlBytes = 128;
    const int WantedBuffer = 8 * 1024 * 1024;
    const int SlotBytes = PacketBytes + NameBytes + ControlBytes;
    static readonly long UnixEpoch = DateTime.UnixEpoch.Ticks;

    readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    readonly int descriptor;
    readonly byte* memory;
    readonly Kernel.Message* outgoing;
    readonly Kernel.Message* incoming;
    int queued;

    public GeneratorSocket(int port)
    {
        socket.Bind(new IPEndPoint(IPAddress.Any, port));
        socket.SetRawSocketOption(Kernel.SolIp, Kernel.IpPacketInfo, BitConverter.GetBytes(1));
        socket.SetRawSocketOption(Kernel.SolSocket, Kernel.TimestampNs, BitConverter.GetBytes(1));
        EnlargeBuffer();
        descriptor = (int)socket.Handle;
        memory = (byte*)NativeMemory.AllocZeroed((nuint)(2 * Batch * (sizeof(Kernel.Message) + sizeof(Kernel.Vector) + SlotBytes)));
        outgoing = (Kernel.Message*)memory;
        incoming = outgoing + Batch;
        var vectors = (Kernel.Vector*)(incoming + Batch);
        var slots = (byte*)(vectors + (2 * Batch));
        for (var i = 0; i < 2 * Batch; i++) Prepare(outgoing + i, vectors + i, slots + (i * SlotBytes));
    }

    public int Port => ((IPEndPoint)socket.LocalEndPoint!).Port;

    /// <summary>A datagram that leaves with the next <see cref="Flush"/>; its bytes are the caller's to fill.</summary>
    public Span<byte> Queue(uint from, IPEndPoint to, int length)
    {
        if (queued == Batch) Flush();
        ref var message = ref outgoing[queued++];
        message.NameLength = NameBytes;
        var name = new Span<byte>(message.Name, NameBytes);
        name.Clear();
        name[0] = (byte)AddressFamily.InterNetwork;
        BinaryPrimitives.WriteUInt16BigEndian(name[2..], (ushort)to.Port);
        to.Address.TryWriteBytes(name[4..], out _);
        message.ControlLength = Kernel.PacketInfo.Space;
        *(Kernel.PacketInfo*)message.Control = new()
        {
            Length = Kernel.PacketInfo.Bytes, Level = Kernel.SolIp, Type = Kernel.IpPacketInfo, Source = BinaryPrimitives.ReverseEndianness(from),
        };
        message.Vectors->Length = (nuint)length;
        return new Span<byte>(message.Vectors->Base, length);
    }

    /// <summary>Sends what is queued; returns how many the kernel did not take.</summary>
    public int Flush()
    {
        var unsent = 0;
        for (var done = 0; done < queued;)
        {
            var sent = Kernel.sendmmsg(descriptor, outgoing + done, (uint)(queued - done), 0);
            if (sent <= 0) unsent++;
            done += Math.Max(1, sent);
        }

        queued = 0;
        return unsent;
    }

    /// <summary>Hands out what has come.</summary>
    public void Receive(PacketHeard heard)
    {
        for (var count = Batch; count == Batch;)
        {
            for (var i = 0; i < Batch; i++) (incoming[i].ControlLength, incoming[i].NameLength) = (ControlBytes, NameBytes);
            count = Kernel.recvmmsg(descriptor, incoming, Batch, Kernel.DontWait, null);
            for (var i = 0; i < count; i++) HandOut(incoming[i], heard);
        }
    }

    public void Dispose()
    {
        socket.Dispose();
        NativeMemory.Free(memory);
    }

    static void HandOut(in Kernel.Message message, PacketHeard heard)
    {
        var (to, at) = (0u, 0L);
        var control = message.Control;
        for (var left = (long)message.ControlLength; left >= 16;)
        {
            var length = *(long*)control;
            if (length < 16 || length > left) break;
            var (level, type) = (*(int*)(control + 8), *(int*)(control + 12));
            if (level == Kernel.SolIp && type == Kernel.IpPacketInfo) to = BinaryPrimitives.ReverseEndianness(*(uint*)(control + 24));
            if (level == Kernel.SolSocket && type == Kernel.TimestampNs)
                at = UnixEpoch + (*(long*)(control + 16) * TimeSpan.TicksPerSecond) + (*(long*)(control + 24) / 100);
            var step = (length + 7) & ~7;
            control += step;
            left -= step;
        }

        if ((message.Flags & Kernel.Truncated) == 0) heard(to, new ReadOnlySpan<byte>(message.Vectors->Base, (int)message.Length), at);
    }

    static void Prepare(Kernel.Message* message, Kernel.Vector* vector, byte* slot)
    {
        *vector = new() { Base = slot, Length = PacketBytes };
        *message = new() { Vectors = vector, VectorCount = 1, Name = slot + PacketBytes, Control = slot + PacketBytes + NameBytes };
    }

    void EnlargeBuffer()
    {
        try
        {
            socket.SetRawSocketOption(Kernel.SolSocket, Kernel.ReceiveBufferForce, BitConverter.GetBytes(WantedBuffer));
        }
        catch (SocketException)
        {
            socket.ReceiveBufferSize = WantedBuffer; // what net.core.rmem_max allows
        }
    }
}
