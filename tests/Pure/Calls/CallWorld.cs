using OrleansCallback.Calls;
using OrleansCallback.Merchants;
using OrleansCallback.Rates;
using OrleansCallback.Trunks;
using OrleansCallback.Wallets;

namespace OrleansCallback.Tests.Calls;

/// <summary>
/// A world around one call, driven by a seed: answers come in any order, late, lost or twice; legs ring, answer, hang up as they like; the
/// ledger forgets to answer; timers fire late; the session is lost and goes on from what is stored. It checks at every step what must never happen.
/// </summary>
sealed class CallWorld(int seed)
{
    const string Site = "site";
    static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    readonly Random random = new(seed);
    readonly RateCard rates = RatesOf(new(seed ^ 0xdec));
    readonly List<CallInput> pending = [];
    readonly List<(DateTimeOffset Due, CallInput Input)> timers = [];
    readonly Dictionary<string, WorldLeg> legs = [];
    readonly CallbackRequest request = new(Site, "alice", "key", "bakery", PhoneNumber.FromE164("+493012345678"));
    readonly MerchantPrompts prompts = PromptsOf(new(seed ^ 0xa5));
    DateTimeOffset now = Start;
    bool healthy;
    bool gaveUp;
    bool acknowledgedA;

    public WorldLedger Ledger { get; } = new(new Random(seed ^ 0x5eed));

    public CallState State { get; private set; } = new() { Site = Site, Callback = "cb", Secret = "secret" };

    public IEnumerable<WorldLeg> Legs => legs.Values;

    /// <summary>Runs to the settlement: first as chance will have it, then with everything well again.</summary>
    public void Run()
    {
        var merchant = new Merchant("bakery", "Bakery", "", PhoneNumber.FromE164("+493087654321"), Payer.Member, Prompts: prompts);
        Take(new CallInput.Place(request, merchant, rates.Route(CallLeg.A), rates.Route(CallLeg.B), rates, new()));
        for (var step = 0; step < 200 && State.Phase != CallPhase.Ended; step++) Next();
        healthy = true;
        Ledger.Healthy = true;
        for (var step = 0; State.Phase != CallPhase.Ended; step++)
        {
            if (step > 2_000) throw new InvalidOperationException($"The call does not end: {State}.");
            if (step % 200 == 0) Take(new CallInput.Cancel());
            if (pending.Count > 0) Deliver();
            else if (timers.Count > 0) Fire();
            else EndSomeLeg();
        }

        while (pending.Count > 0) Deliver();
    }

    void Next()
    {
        now += TimeSpan.FromMilliseconds(random.Next(0, 3_000));
        // What ends a call is rare enough for some of them to come to the bridge.
        switch (random.Next(100))
        {
            case 0: Take(new CallInput.Cancel()); break;
            case 1: Lose(random.Next(2) == 0 ? "silo-1" : "silo-2"); break;
            case 2: Take(new CallInput.Swept()); break;
            case 3: GiveUp(); break;
            case < 7: LoseSession(); break;
            case < 11: Ledger.CommitLate(); break;
            case < 25 when timers.Exists(timer => timer.Due <= now): Fire(); break;
            case < 55: MoveSomeLeg(); break;
            default: Deliver(); break;
        }
    }

    void Lose(string silo)
    {
        foreach (var leg in legs.Values.Where(leg => leg.Silo == silo)) leg.Die();
        Take(new CallInput.SiloLost(silo));
    }

    /// <summary>Another activation goes on from what is stored; what the old one was waiting for never comes, and legs tell again what is not durable.</summary>
    void LoseSession()
    {
        if (Ledger.Open(request) is not { } row || State.Phase is CallPhase.New or CallPhase.Ended) return;
        pending.Clear();
        timers.Clear();
        State = CallRows.Restore(row) with { Grant = Ledger.Grant, Held = Ledger.Held };
        if (!State.Live) return;
        Take(new CallInput.Resumed());
        foreach (var leg in legs.Values)
            pending.AddRange(leg.TellAgain(Ledger.StoredState!.Legs().FirstOrDefault(stored => stored.Key == leg.Attempt.Key)?.LastNews ?? 0));
    }

    void GiveUp()
    {
        if (State.Phase is CallPhase.Routing or CallPhase.Authorizing) gaveUp = true;
        Take(new CallInput.AdmissionOver());
    }

    void Deliver()
    {
        if (pending.Count == 0) return;
        var at = healthy ? 0 : random.Next(pending.Count);
        var input = pending[at];
        // News is repeated until it is acknowledged; answers come once.
        if (input is not CallInput.News || healthy || random.Next(3) != 0) pending.RemoveAt(at);
        Take(input);
    }

    void Fire()
    {
        var timer = timers.MinBy(timer => timer.Due);
        timers.Remove(timer);
        if (timer.Due > now) now = timer.Due;
        Take(timer.Input);
    }

    void MoveSomeLeg()
    {
        var live = legs.Values.Where(leg => leg is { Ringing: true, Over: false }).ToList();
        if (live.Count > 0) pending.AddRange(live[random.Next(live.Count)].Move(random, now));
    }

    void EndSomeLeg()
    {
        foreach (var leg in legs.Values.Where(leg => leg is { Ringing: true, Over: false })) pending.AddRange(leg.End(LegEnd.GrantEnded, now));
    }

    void Take(CallInput input)
    {
        var decision = CallFlow.Decide(State, input, now);
        State = decision.State;
        foreach (var effect in decision.Effects) Do(effect);
    }

    void Do(CallEffect effect)
    {
        switch (effect)
        {
            case CallEffect.FindOwner find: pending.Add(new CallInput.OwnerFound(find.Leg, find.Trunk, Offer(find.Leg))); break;
            case CallEffect.Write write: pending.Add(Ledger.Write(write.What, State.Writing.Version)); break;
            case CallEffect.Reconcile: pending.Add(Ledger.Reconcile()); break;
            case CallEffect.Dial dial: Dial(dial.Attempt); break;
            case CallEffect.Acknowledge ack:
                acknowledgedA |= ack.Leg.Leg == CallLeg.A;
                if (!Ledger.StoredState!.Legs().Any(leg => leg.Key == ack.Leg.Key && leg.AnsweredAt is not null))
                    throw new InvalidOperationException("An answer is acknowledged that is not durable.");
                if (ack.Announcement is { IsAwaited: true } said && legs.TryGetValue(ack.Leg.Key!, out var told)) told.Hear(said);
                Tell(ack.Leg, LegCommand.Acknowledge);
                break;
            case CallEffect.Bridge bridge:
                CheckHeard(CallLeg.B, prompts.MerchantConfirms, prompts.Whisper);
                Tell(bridge.A, LegCommand.Bridge);
                break;
            case CallEffect.ExtendLeg extend: Tell(extend.Leg, LegCommand.Extend); break;
            case CallEffect.HangUp hangUp: HangUp(hangUp.Leg); break;
            case CallEffect.Wake wake: timers.Add((now + wake.After, new CallInput.Woken(wake.For))); break;
            case CallEffect.AwaitNews news: timers.Add((now + news.After, new CallInput.NoNews(news.Key, news.Since))); break;
            case CallEffect.TellWallet: break;
            case CallEffect.Stop stop: throw new InvalidOperationException($"Nobody else writes this call, and it stops: {stop.Why}.");
            default: throw new InvalidOperationException($"Unknown effect {effect}.");
        }
    }

    void Dial(LegAttempt attempt)
    {
        if (gaveUp) throw new InvalidOperationException("A request that was told undecided rings.");
        if (attempt.Leg == CallLeg.B && !acknowledgedA) throw new InvalidOperationException("Leg B is dialled before leg A is acknowledged.");
        if (attempt.Leg == CallLeg.B) CheckHeard(CallLeg.A, prompts.MemberConfirms, false);
        if (!Ledger.HoldPending || !Ledger.Attempts.ContainsKey(attempt.Key)) throw new InvalidOperationException("An INVITE leaves that is not durable.");
        if (State.End is not null) throw new InvalidOperationException("A call that ends dials.");
        CheckEarlierAttempts(attempt);
        var luck = healthy || legs.ContainsKey(attempt.Key) ? 11 : random.Next(12);
        DialResult? result = luck switch
        {
            0 => DialResult.NotOwner, 1 => DialResult.NoCapacity, 2 => DialResult.TrunkDown, 3 or 4 => null, _ => DialResult.Dialled,
        };
        legs.TryAdd(attempt.Key, new(attempt) { Ringing = luck >= 4 });
        pending.Add(new CallInput.DialAnswered(attempt.Key, result));
    }

    /// <summary>A leg that was to press 1 has, and one that was to be told has heard it.</summary>
    void CheckHeard(CallLeg which, Confirmation? confirmation, bool told)
    {
        AnnouncementEnd? wanted = confirmation is not null ? AnnouncementEnd.Confirmed : told ? AnnouncementEnd.Said : null;
        if (wanted is not null && !legs.Values.Any(leg => leg.Attempt.Leg == which && leg.Announced == wanted))
            throw new InvalidOperationException($"Leg {which} is not {wanted}, and the call goes on.");
    }

    static MerchantPrompts PromptsOf(Random random) => new(
        random.Next(3) == 0 ? Confirmation.Usual : null, random.Next(3) == 0 ? Confirmation.Usual : null, random.Next(3) == 0);

    /// <summary>No phone is rung twice: all attempts of the leg before are over, by no person's answer.</summary>
    void CheckEarlierAttempts(LegAttempt attempt)
    {
        var before = legs.Values.Where(leg => leg.Attempt.Leg == attempt.Leg && leg.Attempt.Key != attempt.Key).ToList();
        if (before.Any(leg => leg is { Ringing: true, Over: false })) throw new InvalidOperationException("A leg is dialled while another attempt of it rings.");
        if (before.Any(leg => leg.Final)) throw new InvalidOperationException("A leg is dialled again after a person's answer.");
        if (before.Count >= CallLimits.MostAttempts) throw new InvalidOperationException("A leg has too many attempts.");
        if (attempt.RingLimit > TimeSpan.FromSeconds(45)) throw new InvalidOperationException("An attempt rings longer than the limit.");
    }

    void Tell(LegState leg, LegCommand command)
    {
        var known = legs.TryGetValue(leg.Key!, out var found) && found is { Ringing: true, Over: false };
        LegCommandResult? result = known ? LegCommandResult.Done : LegCommandResult.NoSuchLeg;
        pending.Add(new CallInput.LegTold(leg.Key!, command, healthy || random.Next(6) > 0 ? result : null));
    }

    void HangUp(LegState leg)
    {
        if (!legs.TryGetValue(leg.Key!, out var found)) return;
        found.ToldToHangUp = true;
        if (found is { Ringing: true, Over: false } && (healthy || random.Next(4) > 0)) pending.AddRange(found.End(LegEnd.HungUp, now));
    }

    /// <summary>Any increments, fees and free seconds.</summary>
    static RateCard RatesOf(Random random)
    {
        return new(Start, [Rate("a"), Rate("a2"), Rate("a3")], [Rate("b"), Rate("b2")]);

        TrunkRate Rate(string trunk) => new(trunk, $"deck@{trunk}", "+", new()
        {
            PerMinute = new(random.Next(100_000)),
            FirstIncrement = random.Next(1, 61),
            NextIncrement = random.Next(1, 61),
            ConnectFee = new(random.Next(2) * random.Next(5_000)),
            Minimum = new(random.Next(2) * random.Next(50_000)),
            FreeSeconds = random.Next(2) * random.Next(30),
            AttemptFee = new(random.Next(2) * random.Next(900)),
        });
    }

    TrunkOffer? Offer(CallLeg leg) =>
        healthy || random.Next(12) > 0 ? new(leg == CallLeg.A ? "silo-1" : "silo-2", "h:1", "t:1", "d", "c", 10, 0) : null;
}
