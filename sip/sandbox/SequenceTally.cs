namespace OrleansCallback.Sip.Sandbox;

/// <summary>Counts what is missing, doubled and out of order in a run of numbers, looking back over 64 of them.</summary>
struct SequenceTally
{
    long highest;
    ulong seen;
    bool started;

    public long Missing { get; private set; }

    public long Duplicates { get; private set; }

    public long Reordered { get; private set; }

    /// <summary>The number nearest to the highest one that has these low 16 bits.</summary>
    public readonly long Extend(ushort low) => highest + (short)(low - (ushort)highest);

    public void Take(long number)
    {
        if (!started)
        {
            (started, highest, seen) = (true, number, 1);
            return;
        }

        var ahead = number - highest;
        if (ahead > 0) Advance(number, ahead);
        else LookBack(-ahead);
    }

    void Advance(long number, long ahead)
    {
        Missing += ahead - 1;
        seen = ahead < 64 ? (seen << (int)ahead) | 1 : 1;
        highest = number;
    }

    void LookBack(long behind)
    {
        if (behind < 64 && (seen & (1UL << (int)behind)) != 0)
        {
            Duplicates++;
            return;
        }

        Reordered++;
        if (Missing > 0) Missing--;
        if (behind < 64) seen |= 1UL << (int)behind;
    }
}
