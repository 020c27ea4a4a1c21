namespace OrleansCallback.Rates;

/// <summary>
/// How the price of a leg came about: its rate, what it was applied to, and the parts that it sums to. The rate and <see cref="Talk"/> are enough to
/// make the parts again.
/// </summary>
[GenerateSerializer, Immutable, Alias("LegPrice")]
public sealed record LegPrice
{
    /// <summary>The version of the deck that the rate is from: <c>retail@3</c>.</summary>
    [Id(0)] public required string Version { get; init; }

    /// <summary>The prefix by which it was found; <c>+</c>: all numbers.</summary>
    [Id(1)] public required string Prefix { get; init; }

    /// <summary>The rate.</summary>
    [Id(2)] public required Rate Rate { get; init; }

    /// <summary>The talk that is charged: what is proven, up to the grant, in begun milliseconds. Null: there was none.</summary>
    [Id(3)] public TimeSpan? Talk { get; init; }

    /// <summary>The carrier took the leg on and nobody answered.</summary>
    [Id(4)] public bool Attempted { get; init; }

    /// <summary>Seconds billed: the first increment and the next ones.</summary>
    [Id(5)] public long BilledSeconds { get; init; }

    /// <summary>The connect fee.</summary>
    [Id(6)] public Money ConnectFee { get; init; }

    /// <summary>The billed seconds at the price a minute.</summary>
    [Id(7)] public Money Time { get; init; }

    /// <summary>What lacks to the minimum.</summary>
    [Id(8)] public Money ToMinimum { get; init; }

    /// <summary>The attempt fee.</summary>
    [Id(9)] public Money AttemptFee { get; init; }

    /// <summary>The price: the sum of the parts.</summary>
    public Money Total => ConnectFee + Time + ToMinimum + AttemptFee;
}
