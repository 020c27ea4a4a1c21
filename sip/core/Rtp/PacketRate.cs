namespace OrleansCallback.Sip.Rtp;

/// <summary>Lets through so many packets a second of one source and no more.</summary>
public struct PacketRate
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    TimeSpan began;
    int count;

    /// <summary>Whether another packet is within the limit.</summary>
    public bool Allows(int limit, TimeSpan now)
    {
        if (now - began >= Second) (began, count) = (now, 0);
        return ++count <= limit;
    }
}
