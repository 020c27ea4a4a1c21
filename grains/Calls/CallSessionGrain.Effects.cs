using OrleansCallback.Terminals;
using OrleansCallback.Trunks;
using OrleansCallback.Wallets;
using Orleans.Runtime;

namespace OrleansCallback.Calls;

/// <summary>The effects: each one call of at most <see cref="CallLimits.Step"/>, whose result is the next input.</summary>
sealed partial class CallSessionGrain
{
    /// <summary>Commands to one leg go one after another, so that a hang-up never overtakes the dialling.</summary>
    readonly Task[] lanes = [Task.CompletedTask, Task.CompletedTask];

    void Start(CallEffect effect)
    {
        switch (effect)
        {
            case CallEffect.FindOwner find: _ = FindOwner(find); break;
            case CallEffect.Write write: _ = Write(write.What); break;
            case CallEffect.Reconcile: _ = Reconcile(); break;
            case CallEffect.Dial dial: OnLane(dial.Attempt.Leg, () => Dial(dial.Attempt)); break;
            case CallEffect.Acknowledge ack:
                Tell(ack.Leg, LegCommand.Acknowledge, leg => leg.Acknowledge(ack.Grant, ack.HoldAudio, ack.Announcement));
                break;
            case CallEffect.Bridge bridge: OnLane(CallLeg.A, () => Bridge(bridge.A, bridge.B)); break;
            case CallEffect.ExtendLeg extend: Tell(extend.Leg, LegCommand.Extend, leg => leg.Extend(extend.Grant)); break;
            case CallEffect.HangUp hangUp: OnLane(hangUp.Leg.Leg, () => HangUp(hangUp.Leg, hangUp.Farewell)); break;
            case CallEffect.TellWallet tell: _ = TellWallet(tell); break;
            case CallEffect.Wake wake: _ = PostLater(new CallInput.Woken(wake.For), wake.After); break;
            case CallEffect.AwaitNews news: _ = PostLater(new CallInput.NoNews(news.Key, news.Since), news.After); break;
            case CallEffect.Stop stop:
                LogFenced(Callback, stop.Why);
                Abandon();
                break;
            default: throw new InvalidOperationException($"Call {Callback} has no way to do {effect}.");
        }
    }

    async Task FindOwner(CallEffect.FindOwner find)
    {
        var trunk = GrainFactory.GetGrain<ITrunkGrain>(GrainKeys.Trunk(Site, find.Trunk));
        Post(new CallInput.OwnerFound(find.Leg, find.Trunk, await Limited(
            () => FlowRoute.Has(find.Trunk)
                ? Phones(state!.Asked, find.Leg).Offer(FlowRoute.NumberOf(find.Trunk))
                : trunk.Owner(find.PreferredSilo, find.FullSilo),
            null)));
    }

    ITerminalOwnerGrain Phones(CallbackRequest request, CallLeg leg) => GrainFactory.GetGrain<ITerminalOwnerGrain>(GrainKeys.TerminalOwner(
        Site, leg == CallLeg.A ? GrainKeys.MemberOwner(request.Caller) : GrainKeys.MerchantOwner(request.Merchant)));

    async Task Write(CallWriteInFlight write)
    {
        var version = state!.Writing.Version;
        var rows = CallRows.Of(write, version);
        var wallet = Wallet(write.Snapshot);
        var unknown = new HoldResult(WalletResult.Unknown, TimeSpan.Zero, Money.Zero);
        switch (write.Kind)
        {
            case CallWriteKind.Hold:
                Post(new CallInput.HoldAnswered(await Limited(() => wallet.Hold(CallRows.Hold(write.Snapshot, rows)), unknown)));
                break;
            case CallWriteKind.Extend:
                var elapsed = write.Snapshot.Writing.RenewalDue ?? TimeSpan.Zero;
                Post(new CallInput.HoldAnswered(await Limited(() => wallet.Extend(CallRows.Extend(write.Snapshot, elapsed, rows)), unknown)));
                break;
            default:
                var settlement = write.Kind == CallWriteKind.Settle ? CallCharges.Settle(write.Snapshot) : null;
                var whole = new LedgerWrite { Site = Site, Call = rows, Settlement = settlement };
                Post(new CallInput.Written(await Limited(() => ledger.Write(whole, stopping.Token), new WriteResult(WriteOutcome.Unknown))));
                break;
        }
    }

    async Task Reconcile()
    {
        metrics.Retried(Site);
        var (read, row) = await Limited(async () => (true, await ledger.OpenCall(Site, Callback, stopping.Token)), (false, null));
        var stored = row is null ? null : CallStateJson.Read(row.State);
        Post(new CallInput.Reconciled(read, stored?.Revision ?? 0, stored?.Writer ?? "", row?.Version ?? 0));
    }

    async Task Dial(LegAttempt attempt)
    {
        var leg = GrainFactory.GetGrain<ICallLegGrain>(attempt.Key);
        Post(new CallInput.DialAnswered(attempt.Key, await Limited<DialResult?>(async () =>
        {
            try
            {
                return await CallLegPlacement.On(attempt.Silo, () => leg.Dial(attempt));
            }
            catch (OrleansException error) when (error.GetType() == typeof(OrleansException))
            {
                // No silo could take the leg's grain: nothing was sent.
                LogNotPlaced(attempt.Key, error);
                return DialResult.NotOwner;
            }
        }, null)));
    }

    void Tell(LegState leg, LegCommand command, Func<ICallLegGrain, Task<LegCommandResult>> call) => OnLane(leg.Leg, async () =>
    {
        var grain = GrainFactory.GetGrain<ICallLegGrain>(leg.Key!);
        var result = await Limited<LegCommandResult?>(async () => await CallLegPlacement.On(leg.Silo!, () => call(grain)), null);
        Post(new CallInput.LegTold(leg.Key!, command, result));
    });

    async Task Bridge(LegState a, LegState b)
    {
        var (grainA, grainB) = (GrainFactory.GetGrain<ICallLegGrain>(a.Key!), GrainFactory.GetGrain<ICallLegGrain>(b.Key!));
        var result = await Limited<LegCommandResult?>(async () => a.Silo == b.Silo
            ? await CallLegPlacement.On(a.Silo!, () => grainA.Bridge(b.Key!))
            : await BridgeAcross(a, grainA, b, grainB), null);
        Post(new CallInput.LegTold(a.Key!, LegCommand.Bridge, result));
    }

    /// <summary>Leg A opens its inner address, leg B opens its own and sends to that, leg A sends back.</summary>
    static async Task<LegCommandResult> BridgeAcross(LegState a, ICallLegGrain grainA, LegState b, ICallLegGrain grainB)
    {
        var innerA = await CallLegPlacement.On(a.Silo!, () => grainA.BridgeAcross(null));
        if (innerA is null) return LegCommandResult.NoSuchLeg;
        var innerB = await CallLegPlacement.On(b.Silo!, () => grainB.BridgeAcross(innerA));
        if (innerB is null) return LegCommandResult.NoSuchLeg;
        var joined = await CallLegPlacement.On(a.Silo!, () => grainA.BridgeAcross(innerB));
        return joined is null ? LegCommandResult.NoSuchLeg : LegCommandResult.Done;
    }

    Task<bool> HangUp(LegState leg, Announcement? farewell)
    {
        var grain = GrainFactory.GetGrain<ICallLegGrain>(leg.Key!);
        return Limited(() => CallLegPlacement.On(leg.Silo!, async () =>
        {
            await grain.HangUp(farewell);
            return true;
        }), false);
    }

    void HangUpStray(string leg) =>
        _ = Limited(async () =>
        {
            await GrainFactory.GetGrain<ICallLegGrain>(leg).HangUp(null);
            return true;
        }, false);

    async Task TellWallet(CallEffect.TellWallet tell)
    {
        for (var tries = 0; tries < CallLimits.MostTries; tries++)
        {
            var told = await Limited(async () =>
            {
                await Wallet(state!).Resolved(tell.Resolved);
                return true;
            }, false);
            if (told) return;
        }
    }

    async Task PostLater(CallInput input, TimeSpan after)
    {
        await Task.Delay(after, clock.Time, stopping.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        Post(input);
    }

    void OnLane(CallLeg leg, Func<Task> command) => lanes[(int)leg] = After(lanes[(int)leg], command);

    static async Task After(Task previous, Func<Task> command)
    {
        await previous;
        await command();
    }

    IWalletGrain Wallet(CallState of) => GrainFactory.GetGrain<IWalletGrain>(GrainKeys.Wallet(Site, of.Wallet));

    /// <summary>One call, at most for <see cref="CallLimits.Step"/>; what fails or takes longer has the answer "not known".</summary>
    async Task<T> Limited<T>(Func<Task<T>> call, T unknown)
    {
        try
        {
            return await call().WaitAsync(CallLimits.Step, clock.Time);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            LogNotDone(Callback, error);
            return unknown;
        }
    }
}
