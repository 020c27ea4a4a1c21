using System.Security.Cryptography;
using OrleansCallback.Wallets;

namespace OrleansCallback.Calls;

/// <summary>From the ledger into memory.</summary>
sealed partial class CallSessionGrain
{
    Task<bool>? loading;

    /// <summary>Takes the call over from the ledger, once. False: the ledger or the wallet is away, or another activation has the call.</summary>
    async Task<bool> Load()
    {
        if (stopped) return false;
        if (state is not null) return true;
        if (loading is not { IsCompleted: false }) loading = Limited(Read, false);
        return await loading && !stopped;
    }

    async Task<bool> Read()
    {
        var row = await ledger.OpenCall(Site, Callback, stopping.Token).WaitAsync(CallLimits.Step, clock.Time);
        if (row is null)
        {
            historyRead = true;
            state = new() { Site = Site, Callback = Callback, Writer = NewWriter(), Secret = RandomNumberGenerator.GetHexString(32, lowercase: true) };
            return true;
        }

        var restored = CallRows.Restore(row);
        if (restored is { Live: true, HoldPlaced: true })
        {
            if (await AskHold(restored) is not { Result: WalletResult.Done } hold) return false;
            restored = restored with { Grant = hold.Grant, Held = hold.Held };
        }

        bodyHash = row.BodyHash;
        stored = restored;
        state = restored with { Writer = NewWriter() };
        if (restored.Live) GoOn();
        return true;
    }

    static string NewWriter() => Guid.NewGuid().ToString("N");

    void GoOn()
    {
        LogResumed(Callback, state!.Phase);
        DelayDeactivation(TimeSpan.MaxValue);
        Post(new CallInput.Resumed());
        _ = LookForLostSilos();
    }

    /// <summary>What the hold of a stored call covers: the repeat of its command, which writes nothing, since no call has the version -1.</summary>
    Task<HoldResult> AskHold(CallState restored)
    {
        var write = new CallWriteInFlight(CallWriteKind.Hold, restored, []);
        return Wallet(restored).Hold(CallRows.Hold(restored, CallRows.Of(write, -1))).WaitAsync(CallLimits.Step, clock.Time);
    }

    async Task LookForLostSilos()
    {
        var silos = state!.Legs().Where(leg => leg.Live).Select(leg => leg.Silo!).Distinct().ToList();
        if (silos.Count == 0) return;
        var gone = await Limited(() => liveness.Gone(silos), new HashSet<string>());
        foreach (var silo in gone) Post(new CallInput.SiloLost(silo));
    }
}
