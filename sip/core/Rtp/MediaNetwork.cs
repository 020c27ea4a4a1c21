using System.Net;
using System.Net.Sockets;

namespace OrleansCallback.Sip.Rtp;

/// <summary>A block of addresses (CIDR) that a trunk's media may come from, as a value that is checked without an allocation.</summary>
public readonly record struct MediaNetwork
{
    readonly UInt128 prefix;
    readonly UInt128 mask;

    /// <summary>From the framework's type, IPv4 or IPv6.</summary>
    public MediaNetwork(IPNetwork network)
    {
        var length = network.PrefixLength + (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 96 : 0);
        mask = length == 0 ? UInt128.Zero : UInt128.MaxValue << (128 - length);
        prefix = MediaEndpoint.AddressOf(network.BaseAddress) & mask;
    }

    /// <summary>Whether an address lies in the block.</summary>
    public bool Contains(MediaEndpoint endpoint) => (endpoint.Address & mask) == prefix;
}
