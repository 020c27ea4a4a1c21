using System.Diagnostics;
using OrleansCallback.Load.Phones;

namespace OrleansCallback.Load;

/// <summary>
/// What the phones' own records say about each callback. One is completed if the member's phone and one merchant's phone were each rung
/// once, answered, heard each other and nobody else, and hung up.
/// </summary>
public sealed class PhoneVerdict
{
    readonly Dictionary<string, List<PhoneRecord>> members;
    readonly Dictionary<uint, PhoneRecord> merchants;

    public PhoneVerdict(IReadOnlyList<PhoneRecord> records)
    {
        members = records.Where(r => r.IsMember).GroupBy(r => r.Number.TrimStart('+')).ToDictionary(g => g.Key, g => g.ToList());
        merchants = records.Where(r => !r.IsMember).ToDictionary(r => r.Mark);
    }

    /// <summary>Both phones' records of the callback to a member's number, if they call it completed; null otherwise.</summary>
    public (PhoneRecord Member, PhoneRecord Merchant)? Completed(string number)
    {
        if (!members.TryGetValue(number.TrimStart('+'), out var rung) || rung is not [var member]) return null;
        if (member.HeardMark is not { } mark || !merchants.TryGetValue(mark, out var merchant)) return null;
        return member.Whole && merchant.Whole && merchant.HeardMark == member.Mark ? (member, merchant) : null;
    }

    /// <summary>Milliseconds between two ticks of the monotonic clock.</summary>
    public static double Milliseconds(long from, long to) => (to - from) * 1000.0 / Stopwatch.Frequency;
}
