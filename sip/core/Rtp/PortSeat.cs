namespace OrleansCallback.Sip.Rtp;

/// <summary>A leg's place on a port.</summary>
public sealed class PortSeat<TLeg>
    where TLeg : class
{
    internal PortSeat(TLeg leg, SourceLatch latch) => (Leg, Latch) = (leg, latch);

    /// <summary>The leg.</summary>
    public TLeg Leg { get; }

    /// <summary>Whom the leg believes.</summary>
    internal SourceLatch Latch { get; }

    /// <summary>Whether its source is known by a packet.</summary>
    internal bool IsVerified { get; set; }

    /// <summary>The address that its party's SDP said last.</summary>
    internal MediaEndpoint? Described { get; set; }

    /// <summary>All sources that were ever its own.</summary>
    internal List<SourceClaim<TLeg>> Claims { get; } = new(1);
}
