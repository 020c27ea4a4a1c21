namespace OrleansCallback.Sip;

/// <summary>
/// The servers that one outgoing call tries in their order (RFC 3263 section 4.3): the next one after a timeout, a 503 or a failed
/// connection. What the ones before still answer is declined.
/// </summary>
sealed class OutgoingHops(AgentCore core, Target target, string seed)
{
    /// <summary>The most servers that one call tries: more would ring for longer than anybody waits.</summary>
    const int MaxHops = 8;

    readonly Queue<Hop> left = new();
    readonly List<ClientTransaction> before = [];

    /// <summary>Where the INVITE goes now.</summary>
    public Hop Current { get; private set; }

    /// <summary>True when another server is left.</summary>
    public bool HasNext => left.Count > 0;

    /// <summary>Takes the first server; false when the target has none. To be called when the target's servers are known.</summary>
    public bool TryBegin()
    {
        foreach (var hop in core.Servers.Hops(target, seed).Take(MaxHops)) left.Enqueue(hop);
        if (!left.TryDequeue(out var first)) return false;
        Current = first;
        return true;
    }

    /// <summary>Gives up the current server for the next one.</summary>
    public bool TryNext(InviteClientTransaction failed, TimeSpan now)
    {
        core.Servers.Rest(Current, now);
        if (!left.TryDequeue(out var next)) return false;
        before.Add(failed);
        failed.Abandon(now);
        Current = next;
        return true;
    }

    /// <summary>True for an INVITE of this call to a server that was given up.</summary>
    public bool IsBefore(ClientTransaction transaction) => before.Contains(transaction);
}
