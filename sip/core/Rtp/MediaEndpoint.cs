using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace OrleansCallback.Sip.Rtp;

/// <summary>A UDP address as a value: compared and copied per packet without an allocation, which <see cref="IPEndPoint"/> does not allow.</summary>
/// <param name="Address">The IPv6 address, or the IPv4 one mapped into ::ffff:0:0/96.</param>
/// <param name="Port">The UDP port.</param>
public readonly record struct MediaEndpoint(UInt128 Address, ushort Port)
{
    static readonly UInt128 MappedPrefix = (UInt128)0xFFFF << 32;

    /// <summary>Whether the address is an IPv4 one.</summary>
    public bool IsIPv4 => Address >> 32 == 0xFFFF;

    /// <summary>0.0.0.0, :: or port 0: an address that nothing can be sent to (RFC 3264 section 8.4 uses it for "on hold").</summary>
    public bool IsNowhere => Port == 0 || Address == MappedPrefix || Address == UInt128.Zero;

    /// <summary>The IPv4 address in host byte order; meaningless unless <see cref="IsIPv4"/>.</summary>
    public uint IPv4 => (uint)Address;

    /// <summary>From an IPv4 address in host byte order.</summary>
    public static MediaEndpoint FromIPv4(uint address, ushort port) => new(MappedPrefix | address, port);

    /// <summary>From the framework's type.</summary>
    public static MediaEndpoint From(IPEndPoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return new MediaEndpoint(AddressOf(endpoint.Address), (ushort)endpoint.Port);
    }

    /// <summary>To the framework's type; allocates.</summary>
    public IPEndPoint ToIPEndPoint()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Address);
        return new IPEndPoint(new IPAddress(IsIPv4 ? bytes[12..] : bytes), Port);
    }

    /// <inheritdoc/>
    public override string ToString() => ToIPEndPoint().ToString();

    internal static UInt128 AddressOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        var v6 = address.AddressFamily == AddressFamily.InterNetwork ? address.MapToIPv6() : address;
        v6.TryWriteBytes(bytes, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
