using Microsoft.Extensions.Logging;
using OrleansCallback.Calls;
using OrleansCallback.Storage;
using Orleans.Runtime;

namespace OrleansCallback.Terminals;

/// <summary>A terminal as it is stored; its flows are not: the silos that hold them tell them.</summary>
public sealed class TerminalState
{
    /// <summary>Whose it is.</summary>
    public string Owner { get; set; } = "";

    /// <summary>The password's hash with MD5; empty: there is no such terminal.</summary>
    public string Md5 { get; set; } = "";

    /// <summary>The password's hash with SHA-256.</summary>
    public string Sha256 { get; set; } = "";
}

/// <summary>
/// A terminal. Its flows are in memory alone: a new activation asks every live silo what it holds, and what a dead silo held comes back when the
/// phone registers again.
/// </summary>
sealed partial class TerminalGrain(
    [PersistentState("terminal", ColdState.Storage)] IPersistentState<TerminalState> state, CallClock clock, ISiloStatusOracle silos,
    ILogger<TerminalGrain> logger) : Grain, ITerminalGrain
{
    /// <summary>How long a new activation waits for the answers of all silos.</summary>
    static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(1);

    readonly Dictionary<string, IReadOnlyList<TerminalFlow>> bySilo = new(StringComparer.Ordinal);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (!Exists) return;
        var live = silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Select(silo => silo.ToParsableString()).ToList();
        var answers = await Task.WhenAll(live.Select(Ask));
        foreach (var (silo, flows) in live.Zip(answers)) bySilo[silo] = flows;
    }

    public async Task<bool> Make(TerminalSecrets secrets)
    {
        if (Exists && state.State.Owner != secrets.Owner) return false;
        state.State = new() { Owner = secrets.Owner, Md5 = secrets.Md5, Sha256 = secrets.Sha256 };
        await this.Write(state);
        return true;
    }

    public Task<TerminalSecrets?> Secrets()
    {
        if (!Exists) DeactivateOnIdle();
        return Task.FromResult(Exists ? new TerminalSecrets(state.State.Owner, state.State.Md5, state.State.Sha256) : null);
    }

    public async Task Remove()
    {
        bySilo.Clear();
        state.State = new();
        await this.Write(state);
    }

    public Task Announce(string silo, IReadOnlyList<TerminalFlow> flows)
    {
        if (!Exists) return Task.CompletedTask;
        // A phone that has moved to another silo is reached there alone.
        var contacts = flows.Select(flow => flow.Contact).ToHashSet(StringComparer.Ordinal);
        foreach (var (other, known) in bySilo.ToList()) bySilo[other] = [.. known.Where(flow => !contacts.Contains(flow.Contact))];
        bySilo[silo] = flows;
        if (flows.Count > 0) DelayDeactivation(flows.Max(flow => flow.ExpiresAt) - clock.Now + AskLimit);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<TerminalFlow>> Flows()
    {
        foreach (var (silo, status) in silos.GetApproximateSiloStatuses())
        {
            if (status == SiloStatus.Dead) bySilo.Remove(silo.ToParsableString());
        }

        var now = clock.Now;
        return Task.FromResult<IReadOnlyList<TerminalFlow>>([.. bySilo.Values.SelectMany(flows => flows).Where(flow => flow.ExpiresAt > now)
            .OrderByDescending(flow => flow.Q).ThenByDescending(flow => flow.ExpiresAt)]);
    }

    bool Exists => state.State.Md5.Length > 0;

    string Key => this.GetPrimaryKeyString();

    async Task<IReadOnlyList<TerminalFlow>> Ask(string silo)
    {
        try
        {
            var holder = GrainFactory.GetGrain<ISiloFlowsGrain>(GrainKeys.SiloFlows(GrainKeys.SiteOf(Key), silo));
            return await CallLegPlacement.On(silo, () => holder.Of(GrainKeys.NameOf(Key))).WaitAsync(AskLimit);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            LogNotAsked(Key, silo, error);
            return [];
        }
    }

    [LoggerMessage(LogLevel.Information, "Flows of {Terminal} on silo {Silo} are not known yet.")]
    partial void LogNotAsked(string terminal, string silo, Exception error);
}
