namespace OrleansCallback.Rates;

/// <summary>The decks in force on this silo. Read from any thread; replaced as a whole when something has changed.</summary>
/// <param name="first">What counts from the start; null: nothing can be priced before the store has been read.</param>
public sealed class RateCatalog(RateBook? first)
{
    RateBook? current = first;

    /// <summary>The book in force; null while the store has not been read.</summary>
    public RateBook? Current => Volatile.Read(ref current);

    /// <summary>The book to price with now; null if it is not known which versions are in force.</summary>
    public RateBook? At(DateTimeOffset now) => Current is { } book && now < book.GoodUntil ? book : null;

    /// <summary>Takes over what was read.</summary>
    public void Adopt(RateBook book) => Volatile.Write(ref current, book);
}
