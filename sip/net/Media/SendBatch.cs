using System.Runtime.InteropServices;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Sip.Net.Media;

/// <summary>Gathers datagrams and gives them to the kernel in one call for each socket (sendmmsg). Its buffers are native and allocated once.</summary>
sealed unsafe class SendBatch : IDisposable
{
    const int MostMessages = 256;
    const int ArenaBytes = 128 * 1024;
    const int AddressSlot = 32;
    const int Alignment = 64;
    const int End = -1;

    readonly byte* memory;
    readonly byte* arena;
    readonly byte* addresses;
    readonly Libc.IoVector* vectors;
    readonly Libc.Message* messages;
    readonly Libc.Message* ordered;
    readonly MediaEndpoint[] targets = new MediaEndpoint[MostMessages];
    readonly int[] next = new int[MostMessages];
    readonly RtpSocket?[] sockets = new RtpSocket?[MostMessages];
    int count, socketCount, used;

    public SendBatch()
    {
        var bytes = ArenaBytes + (MostMessages * (AddressSlot + sizeof(Libc.IoVector) + (2 * sizeof(Libc.Message))));
        memory = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
        arena = memory;
        addresses = arena + ArenaBytes;
        vectors = (Libc.IoVector*)(addresses + (MostMessages * AddressSlot));
        messages = (Libc.Message*)(vectors + MostMessages);
        ordered = messages + MostMessages;
    }

    /// <summary>Takes a copy of a datagram, at most <see cref="RtpSocket.MostBytes"/> long, to be sent with the next <see cref="Flush"/>.</summary>
    public void Add(RtpSocket from, ReadOnlySpan<byte> datagram, MediaEndpoint to)
    {
        if (count == MostMessages || used + datagram.Length > ArenaBytes) Flush();
        var index = count++;
        datagram.CopyTo(new Span<byte>(arena + used, ArenaBytes - used));
        vectors[index] = new Libc.IoVector { Base = arena + used, Length = (nuint)datagram.Length };
        used += (datagram.Length + Alignment - 1) / Alignment * Alignment;
        messages[index] = default;
        messages[index].Header.Vectors = vectors + index;
        messages[index].Header.VectorCount = 1;
        targets[index] = to;
        if (from.Peer != to)
        {
            var address = addresses + (index * AddressSlot);
            messages[index].Header.Name = address;
            messages[index].Header.NameLength = SocketAddress.Write(address, to, from.IsIPv6);
        }

        Append(from, index);
    }

    /// <summary>Sends all there is. What the kernel does not take is told to its socket.</summary>
    public void Flush()
    {
        for (var i = 0; i < socketCount; i++)
        {
            Send(sockets[i]!);
            sockets[i] = null;
        }

        (count, socketCount, used) = (0, 0, 0);
    }

    public void Dispose() => NativeMemory.AlignedFree(memory);

    /// <summary>The messages of a socket are a chain, in the order in which they came.</summary>
    void Append(RtpSocket from, int index)
    {
        next[index] = End;
        if (from.LastQueued != End) next[from.LastQueued] = index;
        else
        {
            from.FirstQueued = index;
            sockets[socketCount++] = from;
        }

        from.LastQueued = index;
    }

    void Send(RtpSocket socket)
    {
        var length = 0;
        for (var index = socket.FirstQueued; index != End; index = next[index]) ordered[length++] = messages[index];
        var first = socket.FirstQueued;
        socket.FirstQueued = socket.LastQueued = End;
        for (var done = 0; done < length;)
        {
            var sent = Libc.sendmmsg(socket.Descriptor, ordered + done, (uint)(length - done), Libc.MsgDontWait);
            done += Math.Max(0, sent);
            for (var i = 0; i < sent; i++) first = next[first];
            if (done == length || sent > 0) continue;

            // The first one was refused, by an ICMP error of an earlier datagram or for want of room: the others may go.
            socket.OnUnsent(targets[first], (int)vectors[first].Length);
            first = next[first];
            done++;
        }
    }
}
