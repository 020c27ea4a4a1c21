using System.Runtime.InteropServices;

namespace OrleansCallback.Sip.Net.Media;

/// <summary>Takes what waits at a socket in batches (recvmmsg) into native buffers that are allocated once.</summary>
sealed unsafe class ReceiveBatch : IDisposable
{
    const int MostMessages = 64;
    const int BufferBytes = RtpSocket.MostBytes;
    const int AddressSlot = 32;

    /// <summary>Batches taken of one socket in one round: a flood there must not keep the others waiting.</summary>
    const int MostBatches = 8;

    readonly byte* memory;
    readonly Libc.Message* messages;

    public ReceiveBatch()
    {
        const int perMessage = BufferBytes + AddressSlot;
        memory = (byte*)NativeMemory.AlignedAlloc((nuint)(MostMessages * (perMessage + sizeof(Libc.Message) + sizeof(Libc.IoVector))), 64);
        messages = (Libc.Message*)(memory + (MostMessages * perMessage));
        var vectors = (Libc.IoVector*)(messages + MostMessages);
        for (var i = 0; i < MostMessages; i++)
        {
            var buffer = memory + (i * perMessage);
            vectors[i] = new Libc.IoVector { Base = buffer, Length = BufferBytes };
            messages[i] = default;
            messages[i].Header.Name = buffer + BufferBytes;
            messages[i].Header.Vectors = vectors + i;
            messages[i].Header.VectorCount = 1;
        }
    }

    /// <summary>Hands out what waits at the socket; true if there may be more.</summary>
    public bool Receive(RtpSocket socket, TimeSpan now)
    {
        var count = MostMessages;
        for (var batch = 0; batch < MostBatches && count == MostMessages && socket.Slot >= 0; batch++)
        {
            for (var i = 0; i < MostMessages; i++) messages[i].Header.NameLength = SocketAddress.Bytes;
            count = Libc.recvmmsg(socket.Descriptor, messages, MostMessages, Libc.MsgDontWait, null);
            for (var i = 0; i < count && socket.Slot >= 0; i++)
            {
                ref var header = ref messages[i].Header;
                if ((header.Flags & Libc.MsgTrunc) != 0) continue;
                socket.OnPacket(new Span<byte>(header.Vectors->Base, (int)messages[i].Length), SocketAddress.Read(header.Name), now);
            }
        }

        return count == MostMessages;
    }

    public void Dispose() => NativeMemory.AlignedFree(memory);
}
