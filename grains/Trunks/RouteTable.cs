using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace OrleansCallback.Trunks;

/// <summary>
/// Which trunks carry a number, in the order in which they are tried: the longest prefix of the number that has a route decides. Pure; the
/// choice among equals follows from the seed, so that a repeat comes to the same.
/// </summary>
public sealed class RouteTable
{
    /// <summary>The shortest prefix is this, the longest 15 digits after it (ITU-T E.164).</summary>
    public const string All = "+";

    const int LongestPrefix = 16;

    readonly FrozenDictionary<string, Choice[]> byPrefix;

    /// <summary>Makes the table. Choices of weight 0 or below are taken only when no other of their priority is left.</summary>
    public RouteTable(IEnumerable<KeyValuePair<string, IReadOnlyList<RouteChoice>>> routes) =>
        byPrefix = routes.ToFrozenDictionary(
            route => route.Key,
            route => route.Value.Select(choice => new Choice(choice.Trunk, choice.Priority, Math.Max(0, choice.Weight))).ToArray(),
            StringComparer.Ordinal);

    /// <summary>The trunks for a number, best first, each once; none if no prefix fits.</summary>
    /// <param name="number">The number to be rung.</param>
    /// <param name="seed">Decides among trunks of the same priority: the call's id and leg.</param>
    public IReadOnlyList<string> Plan(PhoneNumber number, string seed)
    {
        for (var length = Math.Min(LongestPrefix, number.E164.Length); length > 0; length--)
        {
            // A route whose trunks are all gone leads nowhere: a shorter prefix may be another carrier at another price.
            if (byPrefix.TryGetValue(number.E164[..length], out var choices)) return Order(choices, seed);
        }

        return [];
    }

    static List<string> Order(Choice[] choices, string seed)
    {
        var order = new List<string>(choices.Length);
        foreach (var group in choices.GroupBy(choice => choice.Priority).OrderBy(group => group.Key))
        {
            var left = group.OrderBy(choice => choice.Trunk, StringComparer.Ordinal).ToList();
            while (left.Count > 0)
            {
                var at = left.Count == 1 ? 0 : Draw(left, $"{seed}\n{group.Key}\n{left.Count}");
                if (!order.Contains(left[at].Trunk)) order.Add(left[at].Trunk);
                left.RemoveAt(at);
            }
        }

        return order;
    }

    /// <summary>One of them, as likely as its weight is heavy; the first where none has a weight.</summary>
    static int Draw(List<Choice> left, string seed)
    {
        var total = left.Sum(choice => (long)choice.Weight);
        if (total == 0) return 0;
        var point = (long)(BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(seed))) % (ulong)total);
        for (var i = 0; ; i++)
        {
            point -= left[i].Weight;
            if (point < 0) return i;
        }
    }

    readonly record struct Choice(string Trunk, int Priority, int Weight);
}
