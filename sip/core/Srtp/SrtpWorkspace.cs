namespace OrleansCallback.Sip.Srtp;

/// <summary>What ciphers put their intermediate results into: one for all sessions of a thread, so that a session is small.</summary>
public sealed class SrtpWorkspace
{
    /// <summary>The longest packet that is protected or read, in bytes.</summary>
    public const int LongestPacket = 2_048;

    /// <summary>Counter blocks, then the key stream.</summary>
    internal byte[] Blocks { get; } = new byte[LongestPacket + 16];

    internal byte[] Text { get; } = new byte[LongestPacket + 16];

    /// <summary>A protected packet on its way.</summary>
    internal byte[] Packet { get; } = new byte[LongestPacket];
}
