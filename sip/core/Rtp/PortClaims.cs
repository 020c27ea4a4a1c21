namespace OrleansCallback.Sip.Rtp;

/// <summary>Whose the sources on all ports of a thread are.</summary>
public sealed class PortClaims<TLeg>
    where TLeg : class
{
    internal SourceTable<SourceClaim<TLeg>> Table { get; } = new();

    /// <summary>Sources that are somebody's, or were until a leg's end.</summary>
    public int Count => Table.Count;
}
