namespace OrleansCallback.Sip;

/// <summary>A request of a peer and our responses.</summary>
abstract class ServerTransaction(TransactionLayer layer, TransactionKey key, SipMessage request, Hop source, TransactionState start)
    : Transaction(layer, key, request.TopVia!.ResponseAddress(source), start)
{
    /// <summary>The request.</summary>
    public SipMessage Request { get; } = request.Keep();

    /// <summary>Where the request came from.</summary>
    public Hop Source => source;

    /// <summary>The same request came again.</summary>
    public abstract void ReceiveAgain(TimeSpan now);

    /// <summary>Sends a response; not allowed after a final one.</summary>
    public abstract void Respond(int code, byte[] response, TimeSpan now);
}
