using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Sip.Net.Media;

/// <summary>epoll, recvmmsg and sendmmsg over native buffers that are allocated once.</summary>
sealed unsafe class EpollPacketIo : IPacketIo
{
    const int MostReady = 256;
    const int NoSlot = -1;

    // struct epoll_event is packed on x86-64 only (12 bytes, data at 4); on other 64-bit machines data is aligned (16 bytes, data at 8).
    static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    static readonly int EventBytes = DataOffset + 8;

    readonly int epoll;
    readonly int wake;
    readonly byte* events;
    readonly ReceiveBatch receiving = new();
    readonly SendBatch sending = new();
    readonly List<RtpSocket?> slots = [];
    readonly Stack<int> freeSlots = new();
    int ready;
    bool disposed;

    public EpollPacketIo()
    {
        epoll = Libc.epoll_create1(0);
        wake = Libc.eventfd(0, 0);
        if (epoll < 0 || wake < 0) throw new InvalidOperationException($"epoll {epoll} or eventfd {wake} could not be created");
        events = (byte*)NativeMemory.AlignedAlloc((nuint)(MostReady * EventBytes), 64);
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
        if (socket.FirstQueued >= 0) sending.Flush();
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

    public bool Deliver(TimeSpan now)
    {
        var more = false;
        for (var i = 0; i < ready; i++)
        {
            var slot = Unsafe.ReadUnaligned<int>(events + (i * EventBytes) + DataOffset);
            if (slot == NoSlot) ClearWake();
            else if (slots[slot] is { } socket) more |= receiving.Receive(socket, now);
        }

        ready = 0;
        return more;
    }

    public void Send(RtpSocket from, ReadOnlySpan<byte> datagram, MediaEndpoint to) => sending.Add(from, datagram, to);

    public void Connect(RtpSocket socket, MediaEndpoint? peer)
    {
        if (socket.FirstQueued >= 0) sending.Flush();
        var address = stackalloc byte[SocketAddress.Bytes];
        var length = SocketAddress.Write(address, peer ?? default, socket.IsIPv6);
        if (peer is null) Unsafe.WriteUnaligned(address, Libc.AfUnspec); // udp(7), connect(2)
        socket.Peer = Libc.connect(socket.Descriptor, address, length) == 0 ? peer : null;
    }

    public void Flush() => sending.Flush();

    public void Sleep(TimeSpan time)
    {
        var wanted = new Libc.Time { Nanoseconds = time.Ticks * TimeSpan.NanosecondsPerTick };
        _ = Libc.nanosleep(&wanted, null);
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
        NativeMemory.AlignedFree(events);
        receiving.Dispose();
        sending.Dispose();
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
}
