using Microsoft.Extensions.Logging;
using OrleansCallback.Calls;
using Orleans.Runtime;

namespace OrleansCallback.Terminals;

/// <summary>Asks silos how they stand with phones: whether they ring any, and at which signalling address they are.</summary>
public sealed partial class PhoneSilos(IGrainFactory grains, ISiloStatusOracle oracle, CallClock clock, ILogger<PhoneSilos> logger)
{
    /// <summary>How long a silo is waited for; one that says nothing by then rings nobody.</summary>
    static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(1);

    /// <summary>The flows as they can be used now, each in its place; null where nobody reaches the phone.</summary>
    public async Task<IReadOnlyList<TerminalFlow?>> Usable(string site, IReadOnlyList<TerminalFlow> flows)
    {
        if (flows.Count == 0) return [];
        var live = oracle.GetApproximateSiloStatuses(onlyActive: true).Keys.Select(silo => silo.ToParsableString()).ToHashSet();
        var holders = flows.Select(flow => flow.Silo).Where(live.Contains).ToHashSet();
        var known = await AskAll(site, holders);
        // As a rule the silos that hold the flows are all that is needed.
        if (flows.Any(flow => FlowBook.Usable(flow, known) is null && flow.Reach != FlowReach.Connection))
            known = [.. known, .. await AskAll(site, live.Except(holders))];
        return [.. flows.Select(flow => FlowBook.Usable(flow, known))];
    }

    async Task<IReadOnlyCollection<PhoneSilo>> AskAll(string site, IEnumerable<string> silos) =>
        [.. (await Task.WhenAll(silos.Select(silo => Ask(site, silo)))).OfType<PhoneSilo>()];

    async Task<PhoneSilo?> Ask(string site, string silo)
    {
        try
        {
            var asked = grains.GetGrain<IPhoneSiloGrain>(GrainKeys.PhoneSilo(site, silo));
            return await CallLegPlacement.On(silo, asked.Get).WaitAsync(AskLimit, clock.Time);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            LogSilent(silo, error);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Information, "Silo {Silo} does not say whether it rings phones.")]
    partial void LogSilent(string silo, Exception error);
}
