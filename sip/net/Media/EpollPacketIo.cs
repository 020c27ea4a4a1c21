using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Sip.Net.Media;

/// <summary>epoll, recvmmsg and sendto over native buffers that are allocated once.</summary>
sealed unsafe class EpollPacketIo : IPacketIo
{
    const int MostReady = 256;
    const int MostMessages = 16;
    const int BufferBytes = 2048;
    const int AddressBytes = 28;
    const int NoSlot = -1;

    // struct epoll_event is packed on x86-64 only (12 bytes, data at 4); on other 64-bit machines data is aligned (16 bytes, data at 8).
    static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    static readonly int EventBytes = DataOffset + 8;

    readonly int epoll;
    readonly int wake;
    readonly byte* memory;
    readonly byte* events;
    readonly Libc.Message* messages;
    readonly List<RtpSocket?> slots = [];
    readonly Stack<int> freeSlots = new();
    int ready;
    bool disposed;

    public EpollPacketIo()
    {
        epoll = Libc.epoll_create1(0);
        wake = Libc.eventfd(0, 0);
        if (epoll < 0 || wake < 0) throw new InvalidOperationException($"epoll {epoll} or eventfd {wake} could not be created");
        memory = Allocate(out events, out messages);
        Register(wake, NoSlot);
    }

    public string Name => "epoll";

    public void Add(RtpSocket socket)
    {
        if (!freeSlots.TryPop(out var slot))
        {
            slot = slots.Count;
            slots.Add(null);
        }

        slots[slot] = socket;
        socket.Slot = slot;
        Register(socket.Descriptor, slot);
    }

    public void Remove(RtpSocket socket)
    {
        if (socket.Slot < 0) return;
        _ = Libc.epoll_ctl(epoll, Libc.EpollCtlDel, socket.Descriptor, null);
        slots[socket.Slot] = null;
        freeSlots.Push(socket.Slot);
        socket.Slot = -1;
    }

    public int Wait(TimeSpan atMost)
    {
        ready = Math.Max(0, Libc.epoll_wait(epoll, events, MostReady, (int)Math.Ceiling(atMost.TotalMilliseconds)));
        return ready;
    }

    public void Deliver(TimeSpan now)
    {
        for (var i = 0; i < ready; i++)
        {
            var slot = Unsafe.ReadUnaligned<int>(events + (i * EventBytes) + DataOffset);
            if (slot == NoSlot) ClearWake();
            else if (slots[slot] is { } socket) Receive(socket, now);
        }

        ready = 0;
    }

    public bool Send(RtpSocket from, ReadOnlySpan<byte> datagram, MediaEndpoint to)
    {
        var address = stackalloc byte[AddressBytes];
        var length = WriteAddress(address, to, from.IsIPv6);
        fixed (byte* bytes = datagram)
            return Libc.sendto(from.Descriptor, bytes, (nuint)datagram.Length, Libc.MsgDontWait, address, length) == datagram.Length;
    }

    public void Wake()
    {
        var one = 1UL;
        _ = Libc.write(wake, &one, sizeof(ulong));
    }

    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        _ = Libc.close(epoll);
        _ = Libc.close(wake);
        NativeMemory.AlignedFree(memory);
    }

    void Receive(RtpSocket socket, TimeSpan now)
    {
        for (var i = 0; i < MostMessages; i++) messages[i].Header.NameLength = AddressBytes;
        var count = Libc.recvmmsg(socket.Descriptor, messages, MostMessages, Libc.MsgDontWait, null);
        for (var i = 0; i < count; i++)
        {
            ref var header = ref messages[i].Header;
            if ((header.Flags & Libc.MsgTrunc) != 0) continue;
            socket.OnPacket(new Span<byte>(header.Vectors->Base, (int)messages[i].Length), ReadAddress(header.Name), now);
        }
    }

    void Register(int descriptor, int slot)
    {
        var epollEvent = stackalloc byte[16];
        Unsafe.WriteUnaligned(epollEvent, Libc.EpollIn);
        Unsafe.WriteUnaligned(epollEvent + DataOffset, (long)slot);
        if (Libc.epoll_ctl(epoll, Libc.EpollCtlAdd, descriptor, epollEvent) != 0)
            throw new InvalidOperationException($"epoll_ctl refused descriptor {descriptor}: error {Marshal.GetLastSystemError()}");
    }

    void ClearWake()
    {
        ulong count;
        _ = Libc.read(wake, &count, sizeof(ulong));
    }

    static byte* Allocate(out byte* events, out Libc.Message* messages)
    {
        var eventBytes = MostReady * 16;
        var perMessage = sizeof(Libc.Message) + sizeof(Libc.IoVector) + 32 + BufferBytes;
        var memory = (byte*)NativeMemory.AlignedAlloc((nuint)(eventBytes + (MostMessages * perMessage)), 64);
        events = memory;
        var buffers = memory + eventBytes;
        var addresses = buffers + (MostMessages * BufferBytes);
        messages = (Libc.Message*)(addresses + (MostMessages * 32));
        var vectors = (Libc.IoVector*)(messages + MostMessages);
        for (var i = 0; i < MostMessages; i++)
        {
            vectors[i] = new Libc.IoVector { Base = buffers + (i * BufferBytes), Length = BufferBytes };
            messages[i] = default;
            messages[i].Header.Name = addresses + (i * 32);
            messages[i].Header.Vectors = vectors + i;
            messages[i].Header.VectorCount = 1;
        }

        return memory;
    }

    static MediaEndpoint ReadAddress(byte* address)
    {
        var bytes = new ReadOnlySpan<byte>(address, AddressBytes);
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return Unsafe.ReadUnaligned<ushort>(address) == Libc.AfInet
            ? MediaEndpoint.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), port)
            : new MediaEndpoint(BinaryPrimitives.ReadUInt128BigEndian(bytes[8..]), port);
    }

    static uint WriteAddress(byte* address, MediaEndpoint to, bool ipv6)
    {
        var bytes = new Span<byte>(address, AddressBytes);
        bytes.Clear();
        Unsafe.WriteUnaligned(address, ipv6 ? Libc.AfInet6 : Libc.AfInet);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], to.Port);
        if (ipv6) BinaryPrimitives.WriteUInt128BigEndian(bytes[8..], to.Address);
        else BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], to.IPv4);
        return ipv6 ? 28u : 16u;
    }
}
