namespace OrleansCallback.Rates;

/// <summary>What is wrong with a deck's file.</summary>
/// <param name="Line">The line, counted from 1.</param>
/// <param name="Column">The column; null: the line as a whole.</param>
/// <param name="Value">What stands there, its beginning if it is long; null: the line as a whole.</param>
/// <param name="Problem">What is wrong and what to write, in a sentence without its full stop.</param>
[GenerateSerializer, Immutable, Alias("DeckError")]
public sealed record DeckError(
    [property: Id(0)] int Line, [property: Id(1)] string? Column, [property: Id(2)] string? Value, [property: Id(3)] string Problem);
