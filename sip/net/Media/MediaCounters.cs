namespace OrleansCallback.Sip.Net.Media;

/// <summary>Written by one media thread without locks, read by anyone: each number is right by itself.</summary>
sealed class MediaCounters
{
    static readonly int Reasons = Enum.GetValues<MediaDrop>().Length;

    readonly long[] dropped = new long[Reasons];
    readonly MediaCounters? total;
    long packetsIn, bytesIn, packetsOut, bytesOut, holdPacketsOut;
    long lastInTicks = -1;

    public MediaCounters(MediaCounters? total) => this.total = total;

    public void In(int bytes, TimeSpan now)
    {
        packetsIn++;
        bytesIn += bytes;
        lastInTicks = now.Ticks;
        total?.In(bytes, now);
    }

    public void Out(int bytes, bool hold)
    {
        packetsOut++;
        bytesOut += bytes;
        if (hold) holdPacketsOut++;
        total?.Out(bytes, hold);
    }

    /// <summary>A packet that was counted as sent was not taken.</summary>
    public void Unsent(int bytes)
    {
        packetsOut--;
        bytesOut -= bytes;
        dropped[(int)MediaDrop.SendFailed]++;
        total?.Unsent(bytes);
    }

    public void Drop(MediaDrop reason)
    {
        dropped[(int)reason]++;
        total?.Drop(reason);
    }

    public MediaStatistics Read(TimeSpan now)
    {
        var last = Volatile.Read(ref lastInTicks);
        return new MediaStatistics(
            Volatile.Read(ref packetsIn), Volatile.Read(ref bytesIn), Volatile.Read(ref packetsOut), Volatile.Read(ref bytesOut),
            Volatile.Read(ref holdPacketsOut), last < 0 ? null : now - TimeSpan.FromTicks(last), (long[])dropped.Clone());
    }
}
