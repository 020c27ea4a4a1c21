using System.Collections.Concurrent;

namespace OrleansCallback.Calls;

/// <summary>The live calls whose sessions are on this silo, with the silos of their legs.</summary>
public sealed class LiveSessions
{
    readonly ConcurrentDictionary<string, string[]> silosBySession = new(StringComparer.Ordinal);

    /// <summary>How many there are.</summary>
    public int Count => silosBySession.Count;

    /// <summary>Keys of the sessions with a leg on this silo.</summary>
    public IReadOnlyList<string> WithLegsOn(string silo) =>
        [.. silosBySession.Where(session => session.Value.Contains(silo)).Select(session => session.Key)];

    internal void Set(string session, IEnumerable<string> silos) => silosBySession[session] = [.. silos];

    internal void Remove(string session) => silosBySession.TryRemove(session, out _);
}
