using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using OrleansCallback.Members;
using OrleansCallback.Merchants;
using OrleansCallback.Rates;
using OrleansCallback.Terminals;
using OrleansCallback.Trunks;
using OrleansCallback.Wallets;

namespace OrleansCallback.Calls;

/// <summary>
/// The shell of <see cref="CallFlow"/>. Reentrant because its methods only queue an input and wait for what becomes of it: inputs are decided
/// one after another without an await, every effect is one call of at most 2 s, and its result is the next input. So hang-up never waits for the
/// database, nor a cancel for a phone.
/// </summary>
[Reentrant]
sealed partial class CallSessionGrain(
    ILedger ledger,
    ISiloLiveness liveness,
    TrunkCatalog trunks,
    RateCatalog rates,
    IOptions<CallOptions> options,
    LiveSessions live,
    CallMetrics metrics,
    CallClock clock,
    ILogger<CallSessionGrain> logger) : Grain, ICallSessionGrain, IDisposable
{
    public async Task<Admission> Place(CallbackRequest request)
    {
        if (request.Site != Site || request.CallbackId != Callback)
            throw new ArgumentException($"The request is callback {request.Site}/{request.CallbackId}, not {Site}/{Callback}.", nameof(request));
        var began = clock.Time.GetTimestamp();
        if (!await Load() || !await Begin(request)) return new(AdmissionKind.Undecided, null);
        if (state is not { Phase: not CallPhase.New }) return Forget(new Admission(AdmissionKind.UnknownMerchant, null));
        if (bodyHash != request.BodyHash) return new(AdmissionKind.KeyReused, null);
        await Until(() => Admission() is not null, CallLimits.Admission - clock.Time.GetElapsedTime(began));
        if (Admission() is null) Post(new CallInput.AdmissionOver());
        var admission = Admission() ?? new(AdmissionKind.Undecided, null);
        metrics.Admitted(Site, admission.Kind, clock.Time.GetElapsedTime(began));
        return admission;
    }

    public async Task<CallbackView?> Get() => await Loaded() ? View() : null;

    public async Task<CallbackView?> Cancel()
    {
        if (!await Loaded()) return null;
        Post(new CallInput.Cancel());
        await Until(() => stored?.Phase == CallPhase.Ended, CallLimits.Step);
        return View();
    }

    public async Task<long> Report(string leg, IReadOnlyList<LegNews> news)
    {
        if (news.Count is 0 or > CallLimits.MostNews) throw new ArgumentException($"Leg {leg} told {news.Count} news.", nameof(news));
        if (!await Load()) return 0;
        var told = news[^1].Number;
        if (state!.Phase is CallPhase.New or CallPhase.Ended)
        {
            // No leg outlives its call: one that is still up is told so again.
            if (news[^1] is not LegEnded) HangUpStray(leg);
            return told;
        }

        foreach (var item in news) Post(new CallInput.News(leg, item));
        // While the legs end nothing is stored before they have: whoever waited here would keep its own end back.
        await Until(() => DurableNews(leg, told) >= told || (state!.Phase == CallPhase.Ending && news[^1] is not LegEnded), CallLimits.Step);
        return DurableNews(leg, told);
    }

    public async Task Sweep()
    {
        if (!await Loaded() || state is not { Live: true }) return;
        await LookForLostSilos();
        Post(new CallInput.Swept());
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Stop();
        return Task.CompletedTask;
    }

    public void Dispose() => stopping.Dispose();

    string Key => this.GetPrimaryKeyString();

    string Site => GrainKeys.SiteOf(Key);

    string Callback => GrainKeys.NameOf(Key);

    /// <summary>Looks up what the call is made of and begins it, unless it has begun. False: that could not be looked up.</summary>
    async Task<bool> Begin(CallbackRequest request)
    {
        if (state!.Phase != CallPhase.New) return true;
        var found = await Limited(
            async () => (Known: true, Merchant: await GrainFactory.GetGrain<IMerchantGrain>(GrainKeys.Merchant(Site, request.Merchant)).Get()),
            (false, null));
        if (!found.Known || state is null || stopped) return false;
        if (found.Merchant is not { } merchant || state.Phase != CallPhase.New) return true;
        var plan = trunks.Current;
        var routeA = request.OnTerminal ? await Flows(request, CallLeg.A) : Route(plan, request.MemberNumber, CallLeg.A);
        var routeB = merchant.RingsTerminal ? await Flows(request, CallLeg.B) : Route(plan, merchant.Number, CallLeg.B);
        var proven = routeB.Any(trunk => plan.Trunks.TryGetValue(trunk, out var carrier) && carrier.CallerIdFrom == CallerIdFrom.Member) && await IsProven(request);
        if (state is null || stopped) return false;
        if (state.Phase != CallPhase.New) return true;
        if (rates.At(clock.Now) is not { } book) return false;
        var prices = book.Price(plan.Rates, merchant.Payer, new(request.MemberNumber, routeA), new(merchant.Number, routeB), clock.Now);
        if (prices is not null) (routeA, routeB) = (prices.Route(CallLeg.A), prices.Route(CallLeg.B));
        bodyHash = request.BodyHash;
        Post(new CallInput.Place(request, merchant, routeA, routeB, prices, options.Value, proven));
        return true;
    }

    /// <summary>The seed is the call's own: a repeat tries the same trunks in the same order.</summary>
    IReadOnlyList<string> Route(TrunkPlan plan, PhoneNumber number, CallLeg leg) => plan.Routes.Plan(number, $"{Callback}/{leg}");

    /// <summary>The flows of a leg that rings a terminal; one that nobody may hold where that cannot be said now.</summary>
    async Task<IReadOnlyList<string>> Flows(CallbackRequest request, CallLeg leg) =>
        FlowRoute.Over(await Limited(() => Phones(request, leg).FlowCount(), 0));

    /// <summary>Whether the number to be rung is the one that an administrator has marked as proven for this member; not known is no.</summary>
    Task<bool> IsProven(CallbackRequest request) => Limited(
        async () => await GrainFactory.GetGrain<IMemberGrain>(GrainKeys.Member(Site, request.Caller)).Profile() is { NumberProven: true } profile
            && profile.Number == request.MemberNumber,
        false);

    Admission? Admission() => this switch
    {
        { stopped: true } => new(AdmissionKind.Undecided, null),
        { state.Admitted: true, stored: not null } => new(AdmissionKind.Admitted, View()),
        { stored.Phase: CallPhase.Ended } => new(AdmissionKind.Refused, View()),
        _ => null,
    };

    CallbackView View() => CallViews.Of(stored ?? state!);

    long DurableNews(string leg, long told)
    {
        if (stored?.Phase == CallPhase.Ended) return told;
        return stopped ? 0 : state!.Legs().FirstOrDefault(known => known.Key == leg)?.DurableNews ?? told;
    }

    /// <summary>Whether there is such a call; throws if that cannot be read now.</summary>
    async Task<bool> Loaded()
    {
        if (!await Load()) throw new TimeoutException($"Call {Callback} cannot be read: the ledger is away.");
        if (state!.Phase != CallPhase.New) return true;
        DeactivateOnIdle();
        return false;
    }

    T Forget<T>(T answer)
    {
        DeactivateOnIdle();
        return answer;
    }
}
