using OrleansCallback.Sip.Sandbox;

namespace OrleansCallback.Web.Demo;

/// <summary>The call as the two phones wrote it down.</summary>
/// <param name="A">The member's phone; null if it was never rung.</param>
/// <param name="B">The merchant's phone; null if it was never rung.</param>
public sealed record DemoPhones(PhoneRecord? A, PhoneRecord? B)
{
    const int PacketsPerSecond = 50;

    /// <summary>Start and end of the bridge cost a few packets.</summary>
    const double LeastShare = 0.8;

    /// <summary>The records of the call's two numbers.</summary>
    public static DemoPhones Of(SandboxCarrier carrier, DemoOptions options)
    {
        var records = carrier.Records;
        return new(Of(records, options.Member), Of(records, options.Merchant));
    }

    /// <summary>What the phones saw, as lines of the timeline.</summary>
    public IEnumerable<DemoStep> Steps => [.. SeenBy("phone A", A, B), .. SeenBy("phone B", B, A)];

    /// <summary>What must be true of it and is not, a sentence each.</summary>
    public IEnumerable<string> Wrong(DemoOptions options)
    {
        if (A is null || B is null)
            return [$"{(A is null ? "phone A" : "phone B")} was never rung."];
        return Wrong(A, B, (long)(options.Talk.TotalSeconds * PacketsPerSecond * LeastShare));
    }

    static IEnumerable<string> Wrong(PhoneRecord a, PhoneRecord b, long leastPackets)
    {
        if (a.AckedAt is not { } acknowledged || b.InvitedAt < acknowledged)
            yield return "phone B was rung before phone A's answer was acknowledged.";
        if (a.Heard.FirstHoldAt is not { } hold || hold > b.InvitedAt + TimeSpan.FromMilliseconds(100) || a.Heard.HoldPackets == 0)
            yield return $"phone A heard {a.Heard.HoldPackets} packets of hold audio, the first at {a.Heard.FirstHoldAt:O}; B was rung at {b.InvitedAt:O}.";
        if (a.Heard.PacketsFrom(b.Number) is var ofB && ofB < leastPackets)
            yield return $"phone A heard {ofB} packets of phone B; at least {leastPackets} are due.";
        if (b.Heard.PacketsFrom(a.Number) is var ofA && ofA < leastPackets)
            yield return $"phone B heard {ofA} packets of phone A; at least {leastPackets} are due.";
        foreach (var (name, phone) in new[] { ("A", a), ("B", b) })
        {
            if (phone.EndedAt is null)
                yield return $"phone {name} was not hung up.";
        }
    }

    static IEnumerable<DemoStep> SeenBy(string who, PhoneRecord? phone, PhoneRecord? other)
    {
        if (phone is null)
            yield break;
        var voice = phone.Heard.Voices.FirstOrDefault(voice => voice.Number == other?.Number);
        (DateTimeOffset? At, string What)[] seen =
        [
            (phone.InvitedAt, "INVITE came"),
            (phone.RingingAt, "rang (180)"),
            (phone.AnsweredAt, "answered (200)"),
            (phone.AckedAt, "ACK came"),
            (phone.Heard.FirstHoldAt, "first packet of hold audio"),
            (voice?.FirstAt, "first packet of the other phone"),
            (voice?.LastAt, "last packet of the other phone"),
            (phone.EndedAt, $"call over ({phone.EndedBy})"),
        ];
        foreach (var (at, what) in seen)
        {
            if (at is { } moment)
                yield return new(moment, who, what);
        }
    }

    static PhoneRecord? Of(IEnumerable<PhoneRecord> records, PhoneNumber number) =>
        records.LastOrDefault(record => record.Number == PhoneNumberPlan.Digits(number.E164));
}
