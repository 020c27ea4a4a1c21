namespace OrleansCallback.Sip;

/// <summary>One message to send.</summary>
/// <param name="Destination">Where it goes.</param>
/// <param name="Bytes">The whole message; never changed afterwards.</param>
/// <param name="IsForSize">
/// True for a request that goes by TCP for its size alone: it goes by UDP as soon as <see cref="UserAgent.Unreachable"/> says that there is no
/// connection (RFC 3261 section 18.1.1), so that a long wait for one is of no use.
/// </param>
public readonly record struct Transmit(Hop Destination, ReadOnlyMemory<byte> Bytes, bool IsForSize = false);
