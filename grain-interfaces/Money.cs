namespace OrleansCallback;

/// <summary>An amount in integer micro-units of the wallet's currency: 1,000,000 are one euro in a euro wallet. Never a fraction.</summary>
/// <param name="Micros">Micro-units; negative where an account gives.</param>
[GenerateSerializer, Immutable, Alias("Money")]
public readonly record struct Money([property: Id(0)] long Micros) : IComparable<Money>
{
    /// <summary>Nothing.</summary>
    public static readonly Money Zero;

    /// <summary>Sum; throws <see cref="OverflowException"/> rather than wrapping.</summary>
    public static Money operator +(Money a, Money b) => new(checked(a.Micros + b.Micros));

    /// <summary>Difference; throws <see cref="OverflowException"/> rather than wrapping.</summary>
    public static Money operator -(Money a, Money b) => new(checked(a.Micros - b.Micros));

    /// <summary>The opposite amount.</summary>
    public static Money operator -(Money a) => new(checked(-a.Micros));

    /// <summary>A whole number of times; throws <see cref="OverflowException"/> rather than wrapping.</summary>
    public static Money operator *(Money a, long times) => new(checked(a.Micros * times));

    /// <summary>Order by amount.</summary>
    public static bool operator <(Money a, Money b) => a.Micros < b.Micros;

    /// <summary>Order by amount.</summary>
    public static bool operator >(Money a, Money b) => a.Micros > b.Micros;

    /// <summary>Order by amount.</summary>
    public static bool operator <=(Money a, Money b) => a.Micros <= b.Micros;

    /// <summary>Order by amount.</summary>
    public static bool operator >=(Money a, Money b) => a.Micros >= b.Micros;

    /// <inheritdoc/>
    public int CompareTo(Money other) => Micros.CompareTo(other.Micros);

    /// <summary>The amount in whole units with six decimals, invariant culture: <c>0.004500</c>.</summary>
    public override string ToString() => (Micros / 1_000_000m).ToString("0.000000", System.Globalization.CultureInfo.InvariantCulture);
}
