namespace OrleansCallback.Sip;

/// <summary>
/// The order in which the servers of a name are tried: by priority, among equals by chance in proportion to weight (RFC 2782). The same
/// seed gives the same order, so that all requests of one call meet the same server.
/// </summary>
public static class ServerOrder
{
    /// <summary>The servers in the order of trial.</summary>
    /// <param name="servers">All servers of one name; servers of one priority and weight keep their order only by chance.</param>
    /// <param name="seed">What the choice follows from, for example a hash of the Call-ID.</param>
    public static IReadOnlyList<Server> Of(IReadOnlyList<Server> servers, ulong seed)
    {
        var order = new List<Server>(servers.Count);
        foreach (var equals in servers.GroupBy(s => s.Priority).OrderBy(g => g.Key))
        {
            // Weight 0 is "a very small chance" beside others (RFC 2782): they stand first, where only a draw of 0 meets them.
            var left = equals.OrderBy(s => s.Weight).ToList();
            while (left.Count > 0) order.Add(Take(left, ref seed));
        }
        return order;
    }

    static Server Take(List<Server> left, ref ulong seed)
    {
        var sum = left.Sum(s => (long)s.Weight);
        var draw = sum == 0 ? (long)(Next(ref seed) % (ulong)left.Count) : (long)(Next(ref seed) % (ulong)(sum + 1));
        var index = sum == 0 ? (int)draw : 0;
        for (var running = 0L; sum > 0 && (running += left[index].Weight) < draw;) index++;
        var taken = left[index];
        left.RemoveAt(index);
        return taken;
    }

    /// <summary>SplitMix64: well mixed from any seed, the same on every machine.</summary>
    static ulong Next(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
