using System.Net;

namespace OrleansCallback.Sip;

/// <summary>One datagram to send.</summary>
/// <param name="Destination">Where it goes.</param>
/// <param name="Bytes">The whole message; never changed afterwards.</param>
public readonly record struct Transmit(IPEndPoint Destination, ReadOnlyMemory<byte> Bytes);
