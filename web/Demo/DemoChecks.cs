namespace OrleansCallback.Web.Demo;

/// <summary>What must be true of the events that were told.</summary>
public static class DemoChecks
{
    static readonly string[] Order = ["authorizing", "calling_member", "member_answered", "calling_merchant", "bridged", "completed"];

    /// <summary>What is not, a sentence each.</summary>
    public static IEnumerable<string> Of(DemoCall call)
    {
        var told = call.Events.Select(step => step.Status).Distinct().ToList();
        if (!Order[1..].SequenceEqual(told.Where(status => status != Order[0])) || told.IndexOf(Order[0]) > 0)
            yield return $"the states were told as {string.Join(", ", told)}; they must be {string.Join(", ", Order)}.";
        if (!call.Events.Select(step => step.Number).SequenceEqual(Enumerable.Range(1, call.Events.Count).Select(number => (long)number)))
            yield return $"the events are numbered {string.Join(", ", call.Events.Select(step => step.Number))}.";
        var last = call.Final;
        if (last?.Outcome != "bridged")
            yield return $"the outcome is {last?.Outcome ?? "not told"}; it must be bridged.";
        if (last?.ChargeMicros is not > 0)
            yield return $"the charge told is {last?.ChargeMicros}; it must be above zero.";
    }
}
