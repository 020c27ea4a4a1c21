namespace OrleansCallback.Calls;

/// <summary>What a site may choose about its calls (<c>Calls:RingLimitA=00:00:45</c>).</summary>
public sealed class CallOptions
{
    /// <summary>The member's leg is canceled when it has rung for so long.</summary>
    public TimeSpan RingLimitA { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>The merchant's leg is canceled when it has rung for so long.</summary>
    public TimeSpan RingLimitB { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>Paid time that a call holds at once.</summary>
    public TimeSpan Slice { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>A whole slice is renewed when so much of it is left; of a shorter one, when a third is left.</summary>
    public TimeSpan RenewWhenLeft { get; set; } = TimeSpan.FromSeconds(75);
}
