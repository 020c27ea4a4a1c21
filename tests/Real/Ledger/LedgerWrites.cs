using OrleansCallback.Calls;
using OrleansCallback.Rates;
using OrleansCallback.Wallets;

namespace OrleansCallback.Tests.Ledger;

/// <summary>Writes as the grains make them.</summary>
static class LedgerWrites
{
    public const string Site = "demo";
    public const string Wallet = "member/alice";
    public static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);
    public static readonly EndReason MemberHungUp = new(null, 16, EndParty.Member);

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static LedgerWrite Credit(string id, long amount, string wallet = Wallet, string currency = "EUR") =>
        new() { Site = Site, Credit = new(wallet, id, new(amount), currency) };

    public static WalletHold Place(long epoch, string callback, long amount, string wallet = Wallet) => new(
        wallet, epoch, HoldOf(callback), callback, 1, new(amount), TimeSpan.FromSeconds(90), TimeSpan.FromMinutes(5));

    public static WalletHold Raise(long epoch, string callback, int slice, long delta, string wallet = Wallet) => new(
        wallet, epoch, HoldOf(callback), callback, slice, new(delta), TimeSpan.FromSeconds(90 * slice), TimeSpan.FromMinutes(5));

    public static LedgerWrite Write(WalletHold hold, CallWrite? call = null) => new() { Site = Site, Hold = hold, Call = call };

    public static LedgerWrite Write(CallWrite call) => new() { Site = Site, Call = call };

    /// <summary>Settlement of a hold alone, as the bench and the money tests make it.</summary>
    public static LedgerWrite Settle(string callback, long captured, string wallet = Wallet, CallWrite? call = null) =>
        new() { Site = Site, Settlement = new(HoldOf(callback), wallet, new(captured), Cdr(callback, captured, wallet)), Call = call };

    /// <summary>End of a call that never held.</summary>
    public static LedgerWrite Refuse(string callback, CallWrite call) =>
        new() { Site = Site, Settlement = new(null, Wallet, Money.Zero, Cdr(callback, 0, Wallet)), Call = call };

    /// <summary>The first rows of a call.</summary>
    public static CallWrite Placed(string callback) => new()
    {
        Site = Site,
        Callback = callback,
        New = new(Site, "alice", callback, "florist", PhoneNumber.FromE164("+493012345678")),
        MerchantNumber = "+493087654321",
        ExpectedVersion = 0,
        Status = CallStatus.CallingMember,
        State = """{"phase":"calling_member"}""",
        Payer = Payer.Member,
        Attempts = [new(Attempt(callback, CallLeg.A))],
        Events = [new(1, Noon, CallStatus.Authorizing), new(2, Noon.AddMilliseconds(5), CallStatus.CallingMember)],
    };

    public static CallWrite Next(string callback, long version, CallStatus status, params CallEvent[] events) => new()
    {
        Site = Site,
        Callback = callback,
        ExpectedVersion = version,
        Status = status,
        State = $$"""{"phase":"{{WireName.Of(status)}}"}""",
        Payer = Payer.Member,
        Events = events,
    };

    public static CallWrite Ended(string callback, long version, long number, long? charge) =>
        Next(callback, version, CallStatus.Completed, new CallEvent(
            number, Noon.AddSeconds(30), CallStatus.Completed, CallOutcome.Bridged, MemberHungUp, charge is { } c ? new Money(c) : null))
            with { Outcome = CallOutcome.Bridged };

    public static LegAttempt Attempt(string callback, CallLeg leg) => new()
    {
        Key = GrainKeys.Leg(Site, "carrier-a", callback, leg, 1),
        Secret = "0123456789abcdef0123456789abcdef",
        Callback = callback,
        Leg = leg,
        Attempt = 1,
        Trunk = "carrier-a",
        Silo = "S127.0.0.1:11111:1",
        Number = PhoneNumber.FromE164("+493012345678"),
        RequestUri = "sip:+493012345678@127.0.0.1:5060",
        CallId = $"{callback}-a@127.0.0.1",
        From = "<sip:+4930000@127.0.0.1>;tag=1",
        To = "<sip:+493012345678@127.0.0.1>",
        Contact = "<sip:127.0.0.1:5070>",
        SentBy = "127.0.0.1:5070",
        Target = "127.0.0.1:5060",
        CSeq = 1,
        RingLimit = TimeSpan.FromSeconds(30),
    };

    public static CallDetailRecord Cdr(string callback, long charge, string wallet) => new()
    {
        Callback = callback,
        Merchant = "florist",
        Wallet = wallet,
        Outcome = CallOutcome.Bridged,
        EndReason = MemberHungUp,
        RateVersion = "1",
        LegA = new("carrier-a", "silo-1", Noon, Noon.AddSeconds(4), Noon.AddSeconds(30), TimeSpan.FromSeconds(26), LegEnd.RemoteHungUp,
            null, 16, 1300, 1299, new(charge), Parts(charge)),
        Charge = new(charge),
        Held = new(charge),
        CreatedAt = Noon,
        EndedAt = Noon.AddSeconds(30),
    };

    static LegPrice Parts(long charge) => new()
    {
        Version = "retail@3", Prefix = "+4930", Rate = new() { PerMinute = new(90_000), FirstIncrement = 6 }, Talk = TimeSpan.FromSeconds(26),
        BilledSeconds = 26, Time = new(charge),
    };

    public static string HoldOf(string callback) => $"hold-{callback}";
}
