using OrleansCallback.Calls;
using OrleansCallback.Merchants;
using OrleansCallback.Rates;
using OrleansCallback.Tests.Rates;
using OrleansCallback.Trunks;
using OrleansCallback.Wallets;

namespace OrleansCallback.Tests.Calls;

/// <summary>
/// A world around one call, driven by a seed: answers come in any order, late, lost or twice; legs ring, answer, hang up as they like; the
/// ledger forgets to answer; timers fire whenever. It checks at every step what must never happen.
/// </summary>
sealed class CallWorld(int seed)
{
    const string Site = "site";
    static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    readonly Random random = new(seed);
    readonly RateCard rates = RatesOf(new(seed ^ 0xdec));
    readonly List<CallInput> pending = [];
    readonly List<CallInput> timers = [];
    readonly Dictionary<string, WorldLeg> legs = [];
    readonly CallbackRequest request = new(Site, "alice", "key", "bakery", PhoneNumber.FromE164("+493012345678"));
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
        var merchant = new Merchant("bakery", "Bakery", "", PhoneNumber.FromE164("+493087654321"), Payer.Member);
        Take(new CallInput.Place(request, merchant, rates.Route(CallLeg.A), rates.Route(CallLeg.B), rates, new()));
        for (var step = 0; step < 80 && State.Phase != CallPhase.Ended; step++) Next();
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
        switch (random.Next(24))
        {
            case 0: Take(new CallInput.Cancel()); break;
            case 1: Lose(random.Next(2) == 0 ? "silo-1" : "silo-2"); break;
            case 2: Take(new CallInput.Swept()); break;
            case 3: GiveUp(); break;
            case < 7 when timers.Count > 0: Fire(); break;
            case < 14: MoveSomeLeg(); break;
            case 14: Ledger.CommitLate(); break;
            default: Deliver(); break;
        }
    }

    void Lose(string silo)
    {
        foreach (var leg in legs.Values.Where(leg => leg.Silo == silo)) leg.Die();
        Take(new CallInput.SiloLost(silo));
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
        var at = random.Next(timers.Count);
        var input = timers[at];
        timers.RemoveAt(at);
        now += TimeSpan.FromSeconds(1);
        Take(input);
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
                Tell(ack.Leg, LegCommand.Acknowledge);
                break;
            case CallEffect.Bridge bridge: Tell(bridge.A, LegCommand.Bridge); break;
            case CallEffect.ExtendLeg extend: Tell(extend.Leg, LegCommand.Extend); break;
            case CallEffect.HangUp hangUp: HangUp(hangUp.Leg); break;
            case CallEffect.Wake wake: timers.Add(new CallInput.Woken(wake.For)); break;
            case CallEffect.AwaitNews news: timers.Add(new CallInput.NoNews(news.Key, news.Since)); break;
            case CallEffect.TellWallet: break;
            case CallEffect.Stop stop: throw new InvalidOperationException($"Nobody else writes this call, and it stops: {stop.Why}.");
            default: throw new InvalidOperationException($"Unknown effect {effect}.");
        }
    }

    void Dial(LegAttempt attempt)
    {
        if (gaveUp) throw new InvalidOperationException("A request that was told undecided rings.");
        if (attempt.Leg == CallLeg.B && !acknowledgedA) throw new InvalidOperationException("Leg B is dialled before leg A is acknowledged.");
        if (!Ledger.HoldPending || !Ledger.Attempts.Contains(attempt.Key)) throw new InvalidOperationException("An INVITE leaves that is not durable.");
        if (State.End is not null) throw new InvalidOperationException("A call that ends dials.");
        CheckEarlierAttempts(attempt);
        var luck = healthy ? 11 : random.Next(12);
        DialResult? result = luck switch
        {
            0 => DialResult.NotOwner, 1 => DialResult.NoCapacity, 2 => DialResult.TrunkDown, 3 or 4 => null, _ => DialResult.Dialled,
        };
        legs.TryAdd(attempt.Key, new(attempt) { Ringing = luck >= 4 });
        pending.Add(new CallInput.DialAnswered(attempt.Key, result));
    }

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

/// <summary>A phone of the world.</summary>
sealed class WorldLeg(LegAttempt attempt)
{
    long number;
    bool rang;
    DateTimeOffset? answeredAt;

    public LegAttempt Attempt => attempt;

    /// <summary>A person answered, or a phone rang.</summary>
    public bool Final { get; private set; }

    public bool Ringing { get; init; }

    public bool Over { get; private set; }

    public string Silo => attempt.Silo;

    public bool ToldToHangUp { get; set; }

    /// <summary>Its silo is gone, and with it the phone's call and all that it had to tell.</summary>
    public void Die() => Over = true;

    public IEnumerable<CallInput> Move(Random random, DateTimeOffset now) => random.Next(answeredAt is null ? 6 : 9) switch
    {
        0 => End(random.Next(2) == 0 ? LegEnd.RemoteHungUp : LegEnd.GrantEnded, now),
        1 when answeredAt is null => Refuse(random, now),
        2 when answeredAt is null => Ring(now),
        3 or 4 or 5 when answeredAt is null => Answer(now),
        < 6 => [],
        _ => [News(new LegGrantLow(++number, now, now - answeredAt!.Value))],
    };

    public IEnumerable<CallInput> End(LegEnd end, DateTimeOffset now, int? code = null)
    {
        if (Over) return [];
        Over = true;
        Final |= end is not (LegEnd.Refused or LegEnd.TrunkFailed or LegEnd.NoCapacity) || code is 486 or 600 or 603 or 480 or 404;
        return [News(new LegEnded(++number, now, end, code, null, now - answeredAt, 0, 0, rang))];
    }

    IEnumerable<CallInput> Ring(DateTimeOffset now)
    {
        (rang, Final) = (true, true);
        return [News(new LegRinging(++number, now, 180))];
    }

    IEnumerable<CallInput> Refuse(Random random, DateTimeOffset now) => random.Next(8) switch
    {
        0 => End(LegEnd.TrunkFailed, now),
        1 => End(LegEnd.NoCapacity, now),
        < 5 => End(LegEnd.Refused, now, random.Next(2) == 0 ? 503 : 500),
        _ => End(LegEnd.Refused, now, random.Next(5) switch { 0 => 486, 1 => 600, 2 => 603, 3 => 480, _ => 404 }),
    };

    IEnumerable<CallInput> Answer(DateTimeOffset now)
    {
        (answeredAt, Final) = (now, true);
        return [News(new LegAnswered(++number, now, "{}"))];
    }

    CallInput.News News(LegNews news) => new(attempt.Key, news);
}

/// <summary>The ledger and the wallet of the world: fenced by version, sometimes silent, sometimes late.</summary>
sealed class WorldLedger(Random random)
{
    readonly List<(CallWriteInFlight What, long Version)> late = [];
    long version;
    int slice;

    public bool Healthy { get; set; }

    public CallState? StoredState { get; private set; }

    public HashSet<string> Attempts { get; } = [];

    public List<CallEvent> Events { get; } = [];

    public bool HoldPending { get; private set; }

    public int Resolved { get; private set; }

    public Money Held { get; private set; }

    public Money Captured { get; private set; }

    public CallInput Write(CallWriteInFlight what, long expected)
    {
        var luck = Healthy ? 9 : random.Next(10);
        var applied = luck is not (0 or 1) && Apply(what, expected);
        if (luck == 1) late.Add((what, expected));
        if (what.Kind is CallWriteKind.Hold or CallWriteKind.Extend) return new CallInput.HoldAnswered(Wallet(what, luck >= 3));
        var outcome = luck < 3 ? WriteOutcome.Unknown : applied ? WriteOutcome.Committed : WriteOutcome.Duplicate;
        return new CallInput.Written(new(outcome, 1, Held));
    }

    public CallInput Reconcile()
    {
        if (!Healthy && random.Next(3) == 0) return new CallInput.Reconciled(false, 0, "", 0);
        if (StoredState is null) return new CallInput.Reconciled(true, 0, "", 0);
        return new CallInput.Reconciled(true, StoredState.Revision, StoredState.Writer, ++version);
    }

    public void CommitLate()
    {
        foreach (var (what, expected) in late) Apply(what, expected);
        late.Clear();
    }

    HoldResult Wallet(CallWriteInFlight what, bool answers)
    {
        if (!answers) return new(WalletResult.Unknown, TimeSpan.Zero, Money.Zero);
        if (!HoldPending || slice < what.Snapshot.SliceNumber)
        {
            var refused = random.Next(2) == 0 ? WalletResult.InsufficientFunds : WalletResult.AlreadyActive;
            return new(!HoldPending && what.Kind == CallWriteKind.Hold && StoredState is null ? refused : WalletResult.Conflict, TimeSpan.Zero, Money.Zero);
        }


        return new(WalletResult.Done, TimeSpan.FromSeconds(90 * slice), Held);
    }

    bool Apply(CallWriteInFlight what, long expected)
    {
        if (what.Kind == CallWriteKind.Hold && (HoldPending || Resolved > 0)) return false;
        if (what.Kind == CallWriteKind.Extend && slice >= what.Snapshot.SliceNumber) return false;
        if (expected == 0 ? StoredState is not null : expected != version) return false;
        // A wallet without money places no hold.
        if (what.Kind == CallWriteKind.Hold && !Healthy && random.Next(15) == 0) return false;
        version++;
        foreach (var step in what.Snapshot.Writing.Events) Store(step);
        foreach (var leg in what.Snapshot.Legs()) Attempts.Add(leg.Key!);
        StoredState = CallStateJson.Read(CallStateJson.Write(what.Snapshot));
        if (what.Kind is CallWriteKind.Hold or CallWriteKind.Extend)
        {
            (HoldPending, slice) = (true, what.Snapshot.SliceNumber);
            Held = WorstPrice.Of(what.Snapshot.Rates!.Grant, 90 * slice);
        }

        if (what.Kind == CallWriteKind.Settle) Settle(what.Snapshot);
        return true;
    }

    void Settle(CallState settled)
    {
        if (settled.HoldPlaced != HoldPending) throw new InvalidOperationException($"The settlement and the hold disagree: {settled.HoldPlaced}, {HoldPending}.");
        if (HoldPending) Resolved++;
        HoldPending = false;
        Captured = settled.Charge!.Value;
        if (Captured > Held) throw new InvalidOperationException($"{Captured} is charged of {Held} held.");
        var charged = settled is { HoldPlaced: true, End.Outcome: not CallOutcome.SiloLost };
        var expected = charged ? Expected(settled, settled.A) + Expected(settled, settled.B) : 0;
        if (Captured.Micros != expected) throw new InvalidOperationException($"{Captured} is charged instead of {expected}.");
    }

    /// <summary>What the reference rater says to what the leg's own news proved.</summary>
    static long Expected(CallState settled, LegState? leg)
    {
        if (leg is not { Dialled: true }) return 0;
        var talk = Math.Min((leg.Talk ?? TimeSpan.Zero).TotalSeconds, settled.Grant.TotalSeconds);
        var rang = leg.Ended is { End: LegEnd.HungUp or LegEnd.NoAnswer, Rang: true } or { End: LegEnd.NoAnswer };
        var told = leg.Ended is { End: LegEnd.Refused } ended && (ended.Rang || ended.SipCode is not (500 or 503));
        return ReferenceRater.Price(settled.Rates!.Of(leg.Leg, leg.Trunk).Rate, talk, leg.AnsweredAt is null && (rang || told));
    }

    void Store(CallEvent step)
    {
        if (Events.Any(known => known.Outcome is not null)) throw new InvalidOperationException($"Event {step} follows the terminal one.");
        if (step.Number != Events.Count + 1) throw new InvalidOperationException($"Event {step.Number} follows {Events.Count}.");
        Events.Add(step);
    }
}
