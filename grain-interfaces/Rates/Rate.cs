using System.Text.Json.Serialization;

namespace OrleansCallback.Rates;

/// <summary>
/// What a leg to one destination costs: integers alone. Talk is counted in begun seconds; after the free ones it is billed as one first increment and
/// as many next ones as were begun, at the price a minute, rounded half up to the micro-unit once a leg.
/// </summary>
[GenerateSerializer, Immutable, Alias("Rate")]
public sealed record Rate
{
    /// <summary>The largest amount of a rate: a million whole units of the currency.</summary>
    public static readonly Money Most = new(1_000_000_000_000);

    /// <summary>The longest increment in seconds.</summary>
    public const int LongestIncrement = 3_600;

    /// <summary>The longest free time in seconds.</summary>
    public const int LongestFree = 86_400;

    /// <summary>The largest price a second that a flat rate can have.</summary>
    public static readonly long MostPerSecond = Most.Micros / 60;

    /// <summary>Price of a minute.</summary>
    [Id(0)] public required Money PerMinute { get; init; }

    /// <summary>Charged once for a leg that talked.</summary>
    [Id(1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Money ConnectFee { get; init; }

    /// <summary>Length of the first increment in seconds.</summary>
    [Id(2)] public int FirstIncrement { get; init; } = 1;

    /// <summary>Length of every further increment in seconds.</summary>
    [Id(3)] public int NextIncrement { get; init; } = 1;

    /// <summary>What a leg costs at least, connect fee included, once its free seconds are over.</summary>
    [Id(4), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Money Minimum { get; init; }

    /// <summary>Seconds from the answer on that are not billed.</summary>
    [Id(5), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int FreeSeconds { get; init; }

    /// <summary>Charged for a leg that the carrier took on and nobody answered.</summary>
    [Id(6), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Money AttemptFee { get; init; }

    /// <summary>A price a second and nothing else.</summary>
    public static Rate Flat(Money perSecond) => new() { PerMinute = perSecond * 60 };
}
