namespace OrleansCallback.Terminals;

/// <summary>Which flows a terminal has, and from which silo each is used. Pure.</summary>
public static class FlowBook
{
    /// <summary>
    /// The flows once a silo has told its own: they replace all that this silo, or an earlier process at its address, had told. Of a phone that two
    /// silos tell of, the place where it registered last counts.
    /// </summary>
    public static IReadOnlyList<TerminalFlow> Announce(
        IReadOnlyList<TerminalFlow> known, string silo, string sentBy, IReadOnlyList<TerminalFlow> told, DateTimeOffset now)
    {
        var others = known.Where(flow => flow.Silo != silo && flow.SentBy != sentBy).ToList();
        bool IsLast(TerminalFlow flow, IEnumerable<TerminalFlow> elsewhere) => !elsewhere.Any(other => IsOnePhone(flow, other) && other.Since > flow.Since);
        return [.. Live(others.Where(flow => IsLast(flow, told)).Concat(told.Where(flow => IsLast(flow, others))), now)];
    }

    /// <summary>Those that have not ended, the best liked first, the youngest first among equals.</summary>
    public static IEnumerable<TerminalFlow> Live(IEnumerable<TerminalFlow> flows, DateTimeOffset now) =>
        flows.Where(flow => flow.ExpiresAt > now).OrderByDescending(flow => flow.Q).ThenByDescending(flow => flow.Since);

    /// <summary>
    /// The flow as it can be used now: on its own silo, on a later process at the same signalling address, or where that does not matter on any silo.
    /// Null: nobody reaches the phone until it registers again.
    /// </summary>
    public static TerminalFlow? Usable(TerminalFlow flow, IReadOnlyCollection<PhoneSilo> silos)
    {
        var taking = silos.Where(silo => silo.TakesLegs).ToList();
        if (taking.Exists(silo => silo.Silo == flow.Silo)) return flow;
        if (flow.Reach == FlowReach.Connection) return null;
        var other = taking.Find(silo => silo.SentBy == flow.SentBy) ?? (flow.Reach == FlowReach.Anywhere ? taking.FirstOrDefault() : null);
        return other is null ? null : flow with { Silo = other.Silo, SentBy = other.SentBy };
    }

    static bool IsOnePhone(TerminalFlow one, TerminalFlow other) =>
        one.Contact == other.Contact || (one.Instance.Length > 0 && one.Instance == other.Instance);
}
