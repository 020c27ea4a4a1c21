using System.Collections.Concurrent;
using OrleansCallback.Members;
using OrleansCallback.Web.Settings;

namespace OrleansCallback.Web.Security;

/// <summary>
/// The logins that were ended before their tickets expire. The cluster knows them; what it said is believed for a while, so that a logout
/// is known at once on the node that took it and on every other after <see cref="BelievedFor"/>.
/// </summary>
public sealed class EndedLogins(IGrainFactory grains, WebOptions web, TimeProvider time)
{
    const int MostKnown = 100_000;

    static readonly TimeSpan BelievedFor = TimeSpan.FromSeconds(10);
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    readonly ConcurrentDictionary<string, (bool Ended, long At)> known = new(StringComparer.Ordinal);

    /// <summary>Ends a login.</summary>
    public async Task EndAsync(string id)
    {
        await Grain(id).End().WaitAsync(LongestWait, time);
        Learn(id, true);
    }

    /// <summary>Whether a login was ended.</summary>
    public async ValueTask<bool> ContainsAsync(string id)
    {
        if (known.TryGetValue(id, out var seen) && (seen.Ended || time.GetElapsedTime(seen.At) < BelievedFor))
            return seen.Ended;
        var ended = await Grain(id).HasEnded().WaitAsync(LongestWait, time);
        Learn(id, ended);
        return ended;
    }

    ILoginGrain Grain(string id) => grains.GetGrain<ILoginGrain>(GrainKeys.Login(web.Site, id));

    void Learn(string id, bool ended)
    {
        if (known.Count >= MostKnown)
            known.Clear();
        known[id] = (ended, time.GetTimestamp());
    }
}
