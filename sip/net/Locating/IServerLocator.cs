namespace OrleansCallback.Sip.Net;

/// <summary>The servers of one target and for how long they are good.</summary>
/// <param name="Servers">All servers; empty when the name has none or could not be asked for.</param>
/// <param name="Life">The shortest time to live of the records that led to them.</param>
public sealed record LocatedServers(IReadOnlyList<Server> Servers, TimeSpan Life)
{
    /// <summary>No servers.</summary>
    public static LocatedServers None { get; } = new([], TimeSpan.Zero);
}

/// <summary>Finds the servers of a target (RFC 3263 section 4).</summary>
public interface IServerLocator
{
    /// <summary>Never throws for what the network answers, or does not answer: then there are no servers.</summary>
    Task<LocatedServers> LocateAsync(Target target, CancellationToken stop);
}
