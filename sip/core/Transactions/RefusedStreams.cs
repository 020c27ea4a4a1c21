using System.Net;

namespace OrleansCallback.Sip;

/// <summary>Peers that refused a TCP connection which only a request's size had asked for: for a while they get large requests by UDP.</summary>
sealed class RefusedStreams(UserAgentOptions options, TimerHeap heap)
{
    /// <summary>Long enough to spare a peer, short enough to see that it has learned TCP.</summary>
    static readonly TimeSpan Rest = TimeSpan.FromMinutes(5);

    readonly Dictionary<IPEndPoint, SipTimer> peers = [];

    public bool Contains(Hop hop) => peers.ContainsKey(hop.EndPoint);

    public void Add(Hop hop, TimeSpan now)
    {
        if (peers.Count >= options.MaxRestingServers || peers.ContainsKey(hop.EndPoint)) return;
        var timer = new SipTimer(_ => peers.Remove(hop.EndPoint));
        peers.Add(hop.EndPoint, timer);
        heap.Set(timer, now + Rest);
    }
}
