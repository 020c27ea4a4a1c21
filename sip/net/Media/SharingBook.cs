using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Sip.Net.Media;

/// <summary>Which trunks have shown that their parties have addresses of their own. Safe from any thread; no packet passes here.</summary>
sealed class SharingBook
{
    readonly Lock gate = new();
    readonly Dictionary<string, Page> trunks = new(StringComparer.Ordinal);
    readonly Dictionary<MediaEndpoint, int> live = [];

    /// <summary>Whether legs of the trunk may share ports.</summary>
    public bool MayShare(string trunk, TimeSpan now)
    {
        lock (gate) return trunks.TryGetValue(trunk, out var page) && page.Record.MayShare(now);
    }

    /// <summary>A leg's party said an address, in place of the one that it had said before.</summary>
    public void Answered(string trunk, MediaEndpoint? before, MediaEndpoint address, TimeSpan now)
    {
        lock (gate)
        {
            if (!trunks.TryGetValue(trunk, out var page)) trunks[trunk] = page = new Page();
            if (before is { } old) Leave(page, old);
            if (!address.IsNowhere) page.Record.Answered(live.ContainsKey(address), page.Live, now);
            live[address] = live.GetValueOrDefault(address) + 1;
            page.Live++;
        }
    }

    /// <summary>A leg has ended whose party had said an address.</summary>
    public void Ended(string trunk, MediaEndpoint address)
    {
        lock (gate)
            if (trunks.TryGetValue(trunk, out var page)) Leave(page, address);
    }

    void Leave(Page page, MediaEndpoint address)
    {
        page.Live--;
        if (live[address] == 1) live.Remove(address);
        else live[address]--;
    }

    sealed class Page
    {
        public SharingRecord Record { get; } = new();

        public int Live { get; set; }
    }
}
