namespace OrleansCallback.Rates;

/// <summary>How long paid time is asked for and when it is renewed.</summary>
public static class GrantPolicy
{
    /// <summary>Beyond the paid time a hold stays for so long: two phones' ringing and the settlement.</summary>
    public static readonly TimeSpan HoldGrace = TimeSpan.FromMinutes(3);

    /// <summary>The grant to ask for so that a whole slice is ahead: whole seconds.</summary>
    public static TimeSpan Wanted(TimeSpan elapsed, TimeSpan slice) =>
        TimeSpan.FromSeconds(Math.Ceiling((elapsed + slice).TotalSeconds));

    /// <summary>When to renew: a whole slice at <paramref name="whole"/>, a shorter one when a third of the time until its end is left.</summary>
    public static TimeSpan RenewWhenLeft(TimeSpan left, TimeSpan slice, TimeSpan whole) => IsWhole(left, slice, whole) ? whole : left / 3;

    /// <summary>Whether what is left is a slice that was just given: nearer to its beginning than to its renewal.</summary>
    public static bool IsWhole(TimeSpan left, TimeSpan slice, TimeSpan whole) => left > slice - (slice - whole) / 2;

    /// <summary>The threshold of a whole slice, always inside the slice.</summary>
    public static TimeSpan WholeThreshold(TimeSpan slice, TimeSpan wanted) => wanted < slice * 5 / 6 ? wanted : slice * 5 / 6;
}
