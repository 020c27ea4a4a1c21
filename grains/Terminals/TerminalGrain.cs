using Microsoft.Extensions.Logging;
using OrleansCallback.Calls;
using OrleansCallback.Storage;
using Orleans.Runtime;

namespace OrleansCallback.Terminals;

/// <summary>A terminal as it is stored.</summary>
public sealed class TerminalState
{
    /// <summary>Whose it is.</summary>
    public string Owner { get; set; } = "";

    /// <summary>The password's hash with MD5; empty: there is no such terminal.</summary>
    public string Md5 { get; set; } = "";

    /// <summary>The password's hash with SHA-256.</summary>
    public string Sha256 { get; set; } = "";
}

/// <summary>A terminal's flows as they are stored.</summary>
public sealed class TerminalFlowsState
{
    /// <summary>What the phones have proven: with any other secrets these flows are nobody's.</summary>
    public TerminalSecrets? ProvenBy { get; set; }

    /// <summary>The flows.</summary>
    public List<TerminalFlow> Flows { get; set; } = [];
}

/// <summary>
/// A terminal and its flows. Flows are stored as well, since a phone over UDP does not notice that a process was started anew; a flow that cannot
/// be stored rings all the same.
/// </summary>
sealed partial class TerminalGrain(
    [PersistentState("terminal", ColdState.Storage)] IPersistentState<TerminalState> state,
    [PersistentState("terminal-flows", ColdState.Storage)] IPersistentState<TerminalFlowsState> kept,
    CallClock clock, ILogger<TerminalGrain> logger) : Grain, ITerminalGrain
{
    /// <summary>How long a phone waits for its flow to be stored.</summary>
    static readonly TimeSpan KeepLimit = TimeSpan.FromSeconds(1);

    TerminalFlowsState flows = new();
    Task keeping = Task.CompletedTask;
    bool isKept = true, failed;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        flows = kept.State;
        return Task.CompletedTask;
    }

    public async Task<bool> Make(TerminalSecrets secrets)
    {
        if (Secrets is { } known && known.Owner != secrets.Owner) return false;
        state.State = new() { Owner = secrets.Owner, Md5 = secrets.Md5, Sha256 = secrets.Sha256 };
        await this.Write(state);
        await Keep(new());
        return true;
    }

    public Task<TerminalRecord?> Record()
    {
        if (Secrets is { } secrets) return Task.FromResult<TerminalRecord?>(new(secrets, Live()));
        DeactivateOnIdle();
        return Task.FromResult<TerminalRecord?>(null);
    }

    public async Task Remove()
    {
        state.State = new();
        await this.Write(state);
        await Keep(new());
    }

    public async Task<bool> Announce(string silo, string sentBy, TerminalSecrets provenBy, IReadOnlyList<TerminalFlow> told)
    {
        if (Secrets != provenBy) return false;
        await Keep(new() { ProvenBy = provenBy, Flows = [.. FlowBook.Announce(Live(), silo, sentBy, told, clock.Now)] });
        return true;
    }

    public Task<IReadOnlyList<TerminalFlow>> Flows() => Task.FromResult(Live());

    TerminalSecrets? Secrets => state.State.Md5.Length == 0 ? null : new(state.State.Owner, state.State.Md5, state.State.Sha256);

    IReadOnlyList<TerminalFlow> Live() => flows.ProvenBy is null || flows.ProvenBy != Secrets ? [] : [.. FlowBook.Live(flows.Flows, clock.Now)];

    async Task Keep(TerminalFlowsState now)
    {
        (flows, isKept) = (now, false);
        if (keeping.IsCompleted) keeping = Keep();
        await keeping.WaitAsync(KeepLimit, clock.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    /// <summary>Stores the flows until nothing newer is there; what fails is tried again with the next change, after a look at what is stored.</summary>
    async Task Keep()
    {
        try
        {
            if (failed) await kept.ReadStateAsync();
            while (!isKept)
            {
                (kept.State, isKept) = (flows, true);
                await kept.WriteStateAsync();
            }

            failed = false;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            (failed, isKept) = (true, false);
            LogNotKept(this.GetPrimaryKeyString(), error);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Flows of {Terminal} are not stored: a start anew of their silo would lose them.")]
    partial void LogNotKept(string terminal, Exception error);
}
