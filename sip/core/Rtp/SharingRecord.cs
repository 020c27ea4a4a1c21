namespace OrleansCallback.Sip.Rtp;

/// <summary>
/// Whether the legs of a trunk may share ports: only once its parties have shown that each has an address of its own. A peer with one socket
/// for all calls is known by its answers before it gets a shared port, since a leg that turns out to have the address of another one on its
/// port would have to move to another port in the middle of its call.
/// </summary>
public sealed class SharingRecord
{
    /// <summary>Answers with an address that no other live leg had, while others were up, that earn the trust.</summary>
    public const int Needed = 8;

    /// <summary>How long an address that came twice costs it.</summary>
    public static readonly TimeSpan Distrust = TimeSpan.FromMinutes(10);

    int distinct;
    TimeSpan distrustedUntil = TimeSpan.MinValue;

    /// <summary>Whether a leg may be offered a shared port.</summary>
    public bool MayShare(TimeSpan now) => distinct >= Needed && distrustedUntil <= now;

    /// <summary>A leg's party has said its address.</summary>
    /// <param name="isShared">Another live leg's party said the same.</param>
    /// <param name="others">Other live legs of the trunk whose party has said an address.</param>
    /// <param name="now">Monotonic time.</param>
    public void Answered(bool isShared, int others, TimeSpan now)
    {
        if (isShared) (distinct, distrustedUntil) = (0, now + Distrust);
        else if (others > 0 && distinct < Needed) distinct++;
    }
}
