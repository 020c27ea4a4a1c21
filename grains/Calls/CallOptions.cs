namespace OrleansCallback.Calls;

/// <summary>What a site may choose about its calls (<c>Calls:RingLimit=00:00:45</c>).</summary>
public sealed class CallOptions
{
    /// <summary>A leg is canceled when it has rung for so long.</summary>
    public TimeSpan RingLimit { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>Paid time that a call holds at once.</summary>
    public TimeSpan Slice { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>A whole slice is renewed when so much of it is left; of a shorter one, when a third is left.</summary>
    public TimeSpan RenewWhenLeft { get; set; } = TimeSpan.FromSeconds(75);
}
