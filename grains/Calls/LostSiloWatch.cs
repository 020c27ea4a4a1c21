using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace OrleansCallback.Calls;

/// <summary>
/// Tells the live calls of this silo when a silo that holds one of their legs is dead. Calls whose session died with it are found by one of
/// the survivors, the first in the order of addresses, through their pending holds.
/// </summary>
public sealed partial class LostSiloWatch(
    IClusterMembershipService membership,
    ILocalSiloDetails self,
    LiveSessions live,
    Sweeper sweeper,
    IGrainFactory grains,
    ILogger<LostSiloWatch> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var known = new HashSet<SiloAddress>();
        try
        {
            await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stoppingToken))
            {
                var dead = snapshot.Members.Values.Where(member => member.Status == SiloStatus.Dead).Select(member => member.SiloAddress);
                foreach (var silo in dead.Where(known.Remove).ToList()) await LostAsync(silo, snapshot, stoppingToken);
                known.UnionWith(snapshot.Members.Values.Where(member => member.Status != SiloStatus.Dead).Select(member => member.SiloAddress));
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    async Task LostAsync(SiloAddress silo, ClusterMembershipSnapshot snapshot, CancellationToken cancellation)
    {
        var sessions = live.WithLegsOn(silo.ToParsableString());
        LogLost(silo.ToString(), sessions.Count);
        await Parallel.ForEachAsync(
            sessions, new ParallelOptions { MaxDegreeOfParallelism = Sweeper.MostAtOnce, CancellationToken = cancellation },
            async (session, _) => await TellAsync(session));
        var first = snapshot.Members.Values.Where(member => member.Status == SiloStatus.Active).Select(member => member.SiloAddress).Min();
        if (self.SiloAddress.Equals(first)) await sweeper.SweepAsync(all: true, cancellation);
    }

    async Task TellAsync(string session)
    {
        try
        {
            await grains.GetGrain<ICallSessionGrain>(session).Sweep();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The sweeper comes by when the hold has expired.
            LogNotTold(session, error);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Silo {Silo} is dead; {Count} calls of this silo had a leg there.")]
    partial void LogLost(string silo, int count);

    [LoggerMessage(LogLevel.Warning, "{Session} could not be told of a lost silo.")]
    partial void LogNotTold(string session, Exception error);
}
