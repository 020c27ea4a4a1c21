using Orleans.Core.Internal;
using Orleans.Runtime;
using OrleansCallback.Calls;
using OrleansCallback.Members;
using OrleansCallback.Merchants;
using OrleansCallback.Trunks;
using OrleansCallback.Wallets;

namespace OrleansCallback.Tests;

/// <summary>A tenant of a test's own: a member with money, a merchant, a trunk with an owner, and one call.</summary>
public sealed class TestSite(CallCluster cluster)
{
    /// <summary>Micro-units a second of both legs together.</summary>
    public const long PerSecond = 20_000;

    static int sites;

    public string Site { get; } = $"site{Interlocked.Increment(ref sites)}";

    public FakeLegs Legs => cluster.Legs;

    public FakeLedger Ledger => cluster.Ledger;

    public CallbackRequest Request { get; private set; } = null!;

    public ICallSessionGrain Session => cluster.Grains.GetGrain<ICallSessionGrain>(GrainKeys.Session(Site, Request.CallbackId));

    public IWalletGrain Wallet => cluster.Grains.GetGrain<IWalletGrain>(GrainKeys.Wallet(Site, "member/alice"));

    public string Id => Request.CallbackId;

    /// <summary>What becomes of this site's writes instead of being done; null: they are done.</summary>
    public Func<LedgerWrite, WriteFault>? Fault
    {
        set
        {
            if (value is null) Ledger.Faults.TryRemove(Site, out _);
            else Ledger.Faults[Site] = value;
        }
    }

    public FakeLeg A => Legs.Leg(Id, CallLeg.A);

    public FakeLeg B => Legs.Leg(Id, CallLeg.B);

    public CallDetailRecord Cdr => Ledger.Cdrs.Single(cdr => cdr.Callback == Id);

    public async Task<TestSite> Open(
        long micros = 10_000_000, string member = "+493012345678", string merchant = "+493087654321", Payer payer = Payer.Member,
        MerchantPrompts? prompts = null, string? language = null)
    {
        if (micros > 0) Ledger.Open(Site, payer == Payer.Member ? "member/alice" : "merchant/bakery", new(micros));
        Request = new(Site, "alice", "key-1", "bakery", PhoneNumber.FromE164(member), Language: language);
        await cluster.Grains.GetGrain<IMerchantGrain>(GrainKeys.Merchant(Site, "bakery"))
            .Put(new("bakery", "Bakery", "Bread", PhoneNumber.FromE164(merchant), payer, Prompts: prompts));
        foreach (var trunk in new[] { "carrier", "second", "third", "free", "unrated", "decked" })
        {
            await cluster.Grains.GetGrain<ITrunkGrain>(GrainKeys.Trunk(Site, trunk))
                .Lease(Offer(cluster.Silo));
        }

        // An owner that is not this silo: its legs are on another.
        await cluster.Grains.GetGrain<ITrunkGrain>(GrainKeys.Trunk(Site, "far")).Lease(Offer("127.0.0.9:11111@1"));
        return this;
    }

    /// <summary>The member has this number, and the trunk to +4171 shows it if it is proven.</summary>
    public async Task ShowMember(string number, bool proven)
    {
        await cluster.Grains.GetGrain<IMemberGrain>(GrainKeys.Member(Site, "alice"))
            .Register(new("alice", "Alice", PhoneNumber.FromE164(number), NumberProven: proven));
        await cluster.Grains.GetGrain<ITrunkGrain>(GrainKeys.Trunk(Site, "shown"))
            .Lease(Offer(cluster.Silo) with { Style = new("e164", CallerIdFrom.Member, false, "") });
    }

    static TrunkOffer Offer(string silo) => new(silo, "127.0.0.1:5060", "192.0.2.1:5060", "carrier.example", "+4930999999", 1_000, 0);

    public Task<Admission> Place() => Session.Place(Request);

    /// <summary>Placed, and leg A is dialled.</summary>
    public async Task<TestSite> RingMember()
    {
        var admission = await Place();
        Assert.Equal(AdmissionKind.Admitted, admission.Kind);
        await Legs.Ordered(Id, CallLeg.A, "dial");
        A.Ring();
        return this;
    }

    /// <summary>Placed, and leg A is dialled; its phone does not ring.</summary>
    public async Task RingMemberSilently()
    {
        Assert.Equal(AdmissionKind.Admitted, (await Place()).Kind);
        await Legs.Ordered(Id, CallLeg.A, "dial");
    }

    /// <summary>Waits until an attempt of a leg is dialled; it must be on this trunk.</summary>
    public async Task DialledOn(int attempt, CallLeg leg, string trunk) =>
        Assert.Equal(trunk, GrainKeys.Parts((await Legs.Ordered(Id, leg, "dial", attempt)).Leg)[1]);

    /// <summary>Waits until an attempt of leg A is dialled, and ends it.</summary>
    public async Task EndsOn(int attempt, LegEnd end, int? sipCode = null)
    {
        await Legs.Ordered(Id, CallLeg.A, "dial", attempt);
        Legs.LegsOf(Id).Single(leg => leg.Attempt.Leg == CallLeg.A && leg.Attempt.Attempt == attempt).End(end, sipCode);
    }

    /// <summary>Leg A has answered and been acknowledged, whatever that leads to.</summary>
    public async Task<LegOrder> HoldMember()
    {
        await RingMember();
        A.Answer();
        return await Legs.Ordered(Id, CallLeg.A, "ack+hold");
    }

    /// <summary>Leg B has answered and been acknowledged, whatever that leads to.</summary>
    public async Task<LegOrder> AnswerMerchant()
    {
        await RingMerchant();
        B.Answer();
        return await Legs.Ordered(Id, CallLeg.B, "ack");
    }

    /// <summary>Leg A is on hold, leg B is dialled.</summary>
    public async Task<TestSite> RingMerchant()
    {
        await RingMember();
        A.Answer();
        await Legs.Ordered(Id, CallLeg.B, "dial");
        B.Ring();
        return this;
    }

    /// <summary>Both talk.</summary>
    public async Task<TestSite> Talk()
    {
        await RingMerchant();
        B.Answer();
        await Event(CallStatus.Bridged);
        return this;
    }

    /// <summary>Returns when another activation has read the call.</summary>
    public async Task Deactivate()
    {
        var opened = Ledger.OpenedOf(Id);
        await Session.Cast<IGrainManagementExtension>().DeactivateOnIdle();
        for (var tries = 0; Ledger.OpenedOf(Id) == opened; tries++)
        {
            Assert.True(tries < 1_000);
            await Session.Get();
        }
    }

    /// <summary>Waits for the event of a status.</summary>
    public async Task<CallEvent> Event(CallStatus status)
    {
        using var patience = new CancellationTokenSource(CallCluster.Patience);
        await foreach (var step in Session.Events(0).WithCancellation(patience.Token))
        {
            if (step.Status == status) return step;
            if (step.Outcome is not null) Assert.Fail($"The call ended as {step.Outcome} before it was {status}.");
        }

        throw new InvalidOperationException($"The events ended without {status}.");
    }

    /// <summary>Waits for the end and checks what holds after every end.</summary>
    public async Task<CallEvent> End()
    {
        using var patience = new CancellationTokenSource(CallCluster.Patience);
        CallEvent? last = null;
        var number = 0L;
        for (var readers = 0; last?.Outcome is null && readers < 10; readers++)
        {
            try
            {
                await foreach (var step in Session.Events(number).WithCancellation(patience.Token))
                {
                    Assert.Equal(++number, step.Number);
                    last = step;
                }
            }
            catch (EnumerationAbortedException)
            {
                // An activation that drops its memory ends its readers; they read on where they were.
            }
        }

        Assert.NotNull(last?.Outcome);
        CheckBooks(last);
        return last;
    }

    void CheckBooks(CallEvent end)
    {
        var events = Ledger.EventsOf(Site, Id);
        Assert.Single(events, step => step.Outcome is not null);
        Assert.Equal(end.Charge, Cdr.Charge);
        Assert.Equal(end.Outcome, Cdr.Outcome);
        Assert.Equal(0, Ledger.PendingHolds(Site, "member/alice"));
        Assert.All(Legs.LegsOf(Id), leg => Assert.True(leg.Over));
    }
}
