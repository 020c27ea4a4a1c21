using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Sip.Net.Media;

/// <summary>Addresses as the kernel writes them: sockaddr_in and sockaddr_in6 (ip(7), ipv6(7)).</summary>
static unsafe class SocketAddress
{
    /// <summary>Bytes of the longer one.</summary>
    public const int Bytes = 28;

    const int BytesOfIPv4 = 16;

    public static MediaEndpoint Read(byte* address)
    {
        var bytes = new ReadOnlySpan<byte>(address, Bytes);
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return Unsafe.ReadUnaligned<ushort>(address) == Libc.AfInet
            ? MediaEndpoint.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), port)
            : new MediaEndpoint(BinaryPrimitives.ReadUInt128BigEndian(bytes[8..]), port);
    }

    /// <summary>Writes it for a socket of that family; returns its length.</summary>
    public static uint Write(byte* address, MediaEndpoint to, bool ipv6)
    {
        var bytes = new Span<byte>(address, Bytes);
        bytes.Clear();
        Unsafe.WriteUnaligned(address, ipv6 ? Libc.AfInet6 : Libc.AfInet);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], to.Port);
        if (ipv6) BinaryPrimitives.WriteUInt128BigEndian(bytes[8..], to.Address);
        else BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], to.IPv4);
        return ipv6 ? Bytes : (uint)BytesOfIPv4;
    }
}
