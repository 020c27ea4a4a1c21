using System.Diagnostics.CodeAnalysis;
using OrleansCallback.Calls;
using OrleansCallback.Web.Settings;

namespace OrleansCallback.Web.Callbacks;

/// <summary>One subscription per callback on this node, however many read its events here.</summary>
public sealed class CallEventHub(
    IGrainFactory grains, WebOptions web, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<CallEventFeed> log)
{
    readonly Lock gate = new();
    readonly Dictionary<string, CallEventFeed> feeds = new(StringComparer.Ordinal);

    /// <summary>Callbacks that have a reader on this node.</summary>
    public int Feeds
    {
        get
        {
            lock (gate)
                return feeds.Count;
        }
    }

    /// <summary>Begins to read a callback's events after a number; false if it has too many readers already.</summary>
    public bool TryJoin(string callback, long after, [NotNullWhen(true)] out CallEventReader? reader)
    {
        lock (gate)
        {
            if (!feeds.TryGetValue(callback, out var feed))
            {
                feed = new(callback, Read(callback), time, log);
                feeds.Add(callback, feed);
                feed.Start(lifetime.ApplicationStopping);
            }

            return feed.TryJoin(after, Leave, out reader);
        }
    }

    Func<long, IAsyncEnumerable<CallEvent>> Read(string callback) =>
        after => grains.GetGrain<ICallSessionGrain>(GrainKeys.Session(web.Site, callback)).Events(after);

    void Leave(CallEventFeed feed, CallEventReader reader)
    {
        lock (gate)
        {
            if (!feed.Leave(reader))
                return;
            feed.Dispose();
            feeds.Remove(feed.Callback);
        }
    }
}
