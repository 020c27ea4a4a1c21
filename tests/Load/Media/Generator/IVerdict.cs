namespace OrleansCallback.Load.Media.Generator;

/// <summary>Judges what the phones hear during a run.</summary>
interface IVerdict
{
    /// <summary>All has been heard, or nothing more will come.</summary>
    bool IsOver { get; }

    /// <summary>A phone has heard a datagram.</summary>
    /// <param name="phone">Its number.</param>
    /// <param name="found">The phone.</param>
    /// <param name="packet">The datagram.</param>
    /// <param name="at">When it came, in ticks of UTC.</param>
    void Hear(int phone, GeneratedPhone found, ReadOnlySpan<byte> packet, long at);
}
