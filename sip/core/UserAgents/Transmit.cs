namespace OrleansCallback.Sip;

/// <summary>One message to send.</summary>
/// <param name="Destination">Where it goes.</param>
/// <param name="Bytes">The whole message; never changed afterwards.</param>
public readonly record struct Transmit(Hop Destination, ReadOnlyMemory<byte> Bytes);
