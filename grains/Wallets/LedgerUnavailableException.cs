namespace OrleansCallback.Wallets;

/// <summary>The database could not be asked within the limit; whatever was asked may be asked again.</summary>
public sealed class LedgerUnavailableException : Exception
{
    public LedgerUnavailableException() { }

    public LedgerUnavailableException(string message) : base(message) { }

    public LedgerUnavailableException(string message, Exception inner) : base(message, inner) { }
}
