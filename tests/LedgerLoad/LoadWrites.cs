using OrleansCallback.Calls;
using OrleansCallback.Rates;
using OrleansCallback.Wallets;

namespace OrleansCallback.LedgerLoad;

/// <summary>Writes as the grains make them.</summary>
static class LoadWrites
{
    public const string Site = "demo";
    static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;
    static readonly EndReason HungUp = new(null, 16, EndParty.Member);
    static readonly Money Amount = new(90_000), Charge = new(30_000);

    public static string Wallet(int n) => $"member/w{n}";

    public static LedgerWrite Credit(int wallet) => new() { Site = Site, Credit = new(Wallet(wallet), "load", new(1_000_000_000_000), "EUR") };

    public static LedgerWrite Hold(int wallet, long epoch, string call, bool withCall) => new()
    {
        Site = Site,
        Hold = new(Wallet(wallet), epoch, $"hold-{call}", call, 1, Amount, TimeSpan.FromSeconds(90), TimeSpan.FromMinutes(5)),
        Call = withCall ? Placed(call) : null,
    };

    public static LedgerWrite Settle(int wallet, string call, bool withCall) => new()
    {
        Site = Site,
        Settlement = new($"hold-{call}", Wallet(wallet), Charge, new()
        {
            Callback = call, Merchant = "florist", Wallet = Wallet(wallet), Outcome = CallOutcome.Bridged, EndReason = HungUp, RateVersion = "1",
            LegA = Leg(), LegB = Leg(), Charge = Charge, Held = Amount, CreatedAt = Now, EndedAt = Now,
        }),
        Call = withCall ? Ended(call) : null,
    };

    static CallWrite Placed(string call) => new()
    {
        Site = Site, Callback = call, New = new(Site, "alice", call, "florist", PhoneNumber.FromE164("+493012345678")),
        MerchantNumber = "+493087654321", ExpectedVersion = 0, Status = CallStatus.CallingMember, Payer = Payer.Member,
        State = """{"phase":"calling_member","price":1500,"slice":1,"legs":[{"key":"a","state":"dialling"}]}""",
        Attempts = [new(Attempt(call))],
        Events = [new(1, Now, CallStatus.Authorizing), new(2, Now, CallStatus.CallingMember)],
    };

    static CallWrite Ended(string call) => new()
    {
        Site = Site, Callback = call, ExpectedVersion = 1, Status = CallStatus.Completed, Outcome = CallOutcome.Bridged, Payer = Payer.Member,
        State = """{"phase":"completed","price":1500,"slice":1}""",
        Events = [new(3, Now, CallStatus.Completed, CallOutcome.Bridged, HungUp, Charge)],
    };

    static CdrLeg Leg() => new(
        "carrier-a", "silo-1", Now, Now, Now, TimeSpan.FromSeconds(20), LegEnd.HungUp, null, 16, 1_000, 1_000, new(15_000),
        new()
        {
            Version = "retail@3", Prefix = "+4930", Rate = Rate.Flat(new(1_500)), Talk = TimeSpan.FromSeconds(10),
            BilledSeconds = 10, Time = new(15_000),
        });

    static LegAttempt Attempt(string call) => new()
    {
        Key = GrainKeys.Leg(Site, "carrier-a", call, CallLeg.A, 1), Callback = call, Secret = "5f1e", Leg = CallLeg.A, Attempt = 1, Trunk = "carrier-a",
        Silo = "S127.0.0.1:11111:1", Number = PhoneNumber.FromE164("+493012345678"), RequestUri = "sip:+493012345678@127.0.0.1:5060",
        CallId = $"{call}-a@127.0.0.1", From = "<sip:+4930000@127.0.0.1>;tag=1", To = "<sip:+493012345678@127.0.0.1>",
        Contact = "sip:127.0.0.1:5070", SentBy = "127.0.0.1:5070", Target = "127.0.0.1:5060", CSeq = 1, RingLimit = TimeSpan.FromSeconds(30),
    };
}
