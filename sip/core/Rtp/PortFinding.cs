namespace OrleansCallback.Sip.Rtp;

/// <summary>For whom a packet on a port is.</summary>
public enum PortFinding : byte
{
    /// <summary>For this leg.</summary>
    Leg,

    /// <summary>From a source that nobody waits for.</summary>
    Stranger,

    /// <summary>From the party of a leg that has ended: its BYE was lost, or it talks on.</summary>
    Ended,
}
