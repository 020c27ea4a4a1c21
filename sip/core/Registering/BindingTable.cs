using System.Globalization;
using System.Net;

namespace OrleansCallback.Sip;

/// <summary>What became of the contacts of a REGISTER.</summary>
/// <param name="Code">200, or the refusal: then nothing has changed.</param>
/// <param name="Bindings">The account's bindings as they are now, the best liked first.</param>
public readonly record struct BindingResult(int Code, IReadOnlyList<Binding> Bindings);

/// <summary>
/// The bindings of all accounts: RFC 3261 section 10.3, steps 6 and 7. A REGISTER changes all that it names or nothing. No clock; not
/// thread-safe, its loop owns it.
/// </summary>
public sealed class BindingTable(RegistrarOptions options)
{
    readonly Dictionary<string, List<Binding>> accounts = new(StringComparer.Ordinal);
    readonly Dictionary<IPEndPoint, List<string>> flows = []; // an account once for each binding
    readonly PriorityQueue<string, TimeSpan> ends = new();
    int live;

    /// <summary>Accounts with bindings, those that ended since the last change included.</summary>
    public int Accounts => accounts.Count;

    /// <summary>The live bindings of an account, the best liked first, the youngest first among equals.</summary>
    public IReadOnlyList<Binding> Of(string account, TimeSpan now) =>
        accounts.TryGetValue(account, out var known) ? Live(known, now) : [];

    /// <summary>All live bindings.</summary>
    public IEnumerable<Binding> All(TimeSpan now) => accounts.Values.SelectMany(known => known).Where(binding => binding.Until > now);

    /// <summary>Whether a message came from where a phone is registered.</summary>
    public bool Has(IPEndPoint source) => flows.ContainsKey(source);

    /// <summary>Takes the contacts of an account's REGISTER.</summary>
    public BindingResult Apply(string account, SipMessage register, Hop source, TimeSpan now)
    {
        Forget(now);
        var known = Of(account, now);
        if (ContactOrder.ReadAll(register, Longest(source), out var isStar) is not { } orders) return new(400, known);
        if (isStar) return RemoveAll(account, register, known);
        if (orders.Count == 0) return new(200, known);
        if (orders.Count > options.MaxBindings) return new(403, known);
        var next = known.ToList();
        foreach (var order in orders)
        {
            if (order.Expires > TimeSpan.Zero && order.Expires < options.MinExpires && order.Expires < TimeSpan.FromHours(1)) return new(423, known);
            var before = next.Where(order.IsFor).ToList();
            if (before.Any(binding => IsOlder(register, binding, known))) return new(500, known);
            next.RemoveAll(before.Contains);
            if (order.Expires > TimeSpan.Zero) next.Add(Make(order, register, source, now));
        }

        // A phone that has changed its Contact since its last life must not be locked out by what that one left behind.
        var surplus = next.Where(known.Contains).OrderBy(binding => binding.Since).Take(next.Count - options.MaxBindings).ToList();
        next.RemoveAll(surplus.Contains);
        if (known.Count == 0 && next.Count > 0 && accounts.Count >= options.MaxAccounts) return new(503, known);
        Set(account, next);
        return new(200, Of(account, now));
    }

    /// <summary>
    /// Takes over what an earlier process at this address had bound: over UDP a phone notices nothing of the change. Without effect where the account
    /// has bindings already.
    /// </summary>
    public void Restore(string account, IReadOnlyList<Binding> bindings, TimeSpan now)
    {
        if (Of(account, now).Count == 0 && accounts.Count < options.MaxAccounts) Set(account, [.. bindings.Where(binding => binding.Until > now)]);
    }

    /// <summary>A connection ended, and with it the bindings on it (RFC 5626 section 4.2.2). The accounts that have lost one.</summary>
    public IReadOnlyList<string> Lost(Hop connection, TimeSpan now)
    {
        if (!connection.IsReliable || !flows.TryGetValue(connection.EndPoint, out var there)) return [];
        bool IsOn(Binding binding) => binding.Flow.Connection == connection.Connection && binding.Flow.IsReliable;
        var lost = there.Distinct().Where(account => Of(account, now).Any(IsOn)).ToList();
        foreach (var account in lost) Set(account, [.. Of(account, now).Where(binding => !IsOn(binding))]);
        return lost;
    }

    /// <summary>Drops all bindings of an account whose credentials are no longer good.</summary>
    public void Remove(string account) => Set(account, []);

    BindingResult RemoveAll(string account, SipMessage register, IReadOnlyList<Binding> known)
    {
        if (!register.Has(HeaderId.Expires) || Grammar.Text(register.Header(HeaderId.Expires)).Trim('0').Length > 0) return new(400, known);
        if (known.Any(binding => IsOlder(register, binding, known))) return new(500, known);
        Set(account, []);
        return new(200, []);
    }

    /// <summary>A REGISTER of the same Call-ID with no higher number comes late or again. What this REGISTER itself has made is not meant.</summary>
    static bool IsOlder(SipMessage register, Binding binding, IReadOnlyList<Binding> known) =>
        binding.CallId == register.CallId && binding.CSeq >= register.CSeq!.Number && known.Contains(binding);

    Binding Make(ContactOrder order, SipMessage register, Hop source, TimeSpan now)
    {
        var life = order.Expires < Longest(source) ? order.Expires : Longest(source);
        return new(order.Uri, Binding.FlowOf(register, order.Parsed, source), order.Q, register.CallId, register.CSeq!.Number, now, now + life, order.Instance);
    }

    TimeSpan Longest(Hop source) => source.IsReliable ? options.MaxExpires : options.MaxExpiresUdp;

    void Set(string account, List<Binding> bindings)
    {
        if (accounts.Remove(account, out var before))
            foreach (var gone in before) Leave(account, gone);
        if (bindings.Count == 0) return;
        accounts[account] = bindings;
        foreach (var binding in bindings)
        {
            Enter(account, binding);
            if (before is null || !before.Contains(binding)) ends.Enqueue(account, binding.Until);
        }

        if (ends.Count > 2 * live + 1_024) Compact();
    }

    void Enter(string account, Binding binding)
    {
        live++;
        if (!flows.TryGetValue(binding.Flow.EndPoint, out var there)) flows.Add(binding.Flow.EndPoint, there = []);
        there.Add(account);
    }

    void Leave(string account, Binding binding)
    {
        live--;
        var there = flows[binding.Flow.EndPoint];
        there.Remove(account);
        if (there.Count == 0) flows.Remove(binding.Flow.EndPoint);
    }

    /// <summary>Refreshed bindings leave their earlier ends in the queue; a phone that refreshes all the time must not fill it.</summary>
    void Compact()
    {
        ends.Clear();
        foreach (var (account, bindings) in accounts)
            foreach (var binding in bindings) ends.Enqueue(account, binding.Until);
    }

    void Forget(TimeSpan now)
    {
        while (ends.TryPeek(out var account, out var at) && at <= now)
        {
            ends.Dequeue();
            if (accounts.TryGetValue(account, out var known) && known.Exists(binding => binding.Until <= now)) Set(account, [.. Live(known, now)]);
        }
    }

    static List<Binding> Live(List<Binding> known, TimeSpan now) =>
        [.. known.Where(binding => binding.Until > now).OrderByDescending(binding => binding.Q).ThenByDescending(binding => binding.Until)];

    /// <summary>The Contact lines of a 200: every binding with what is left of its life (RFC 3261 section 10.3, step 8).</summary>
    internal static IEnumerable<HeaderLine> Lines(IReadOnlyList<Binding> bindings, TimeSpan now) => bindings.Select(binding => new HeaderLine(
        HeaderId.Contact,
        string.Create(CultureInfo.InvariantCulture, $"<{binding.Contact}>;expires={Math.Ceiling((binding.Until - now).TotalSeconds):0};q={binding.Q:0.###}")));
}
