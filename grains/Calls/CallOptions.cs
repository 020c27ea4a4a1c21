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

    /// <summary>A trunk that has answered nothing to an INVITE for so long is passed over while there is another.</summary>
    public TimeSpan ResponseLimit { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest time of a call from the member's answer on; zero: no limit.</summary>
    public TimeSpan MaxDuration { get; set; } = TimeSpan.FromHours(4);

    /// <summary>Whether a member, and a number that is rung for a member, can be in one live callback only.</summary>
    public bool OneAtATime { get; set; } = true;

    /// <summary>Whether the member is asked to wait while the merchant is rung.</summary>
    public bool WaitPrompt { get; set; } = true;

    /// <summary>Whether the member is told that the merchant cannot be reached, in paid time, before being hung up.</summary>
    public bool RefusalPrompt { get; set; } = true;

    /// <summary>How long before the end of paid time that could not be lengthened the member is told; zero: never.</summary>
    public TimeSpan LowCreditWarning { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>A whole slice is renewed when so much of it is left; of a shorter one, when a third is left.</summary>
    public TimeSpan RenewWhenLeft { get; set; } = TimeSpan.FromSeconds(75);
}
