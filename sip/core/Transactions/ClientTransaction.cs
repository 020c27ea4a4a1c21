using System.Net;

namespace OrleansCallback.Sip;

/// <summary>Who sent a request.</summary>
interface IClientUser
{
    /// <summary>A response that is new; of an INVITE every 2xx, also a repeated one.</summary>
    void OnResponse(ClientTransaction transaction, SipMessage response, TimeSpan now);

    /// <summary>No final response came in time. <see cref="OnClientTerminated"/> follows.</summary>
    void OnTimeout(ClientTransaction transaction, TimeSpan now);

    /// <summary>The transaction is out of the table.</summary>
    void OnClientTerminated(ClientTransaction transaction, TimeSpan now);
}

/// <summary>A request of ours and what comes back.</summary>
abstract class ClientTransaction(TransactionLayer layer, IClientUser user, SentRequest request, TransactionState start)
    : Transaction(layer, TransactionKey.Client(request.Branch, request.Method.Text()), request.Destination, start)
{
    /// <summary>What was sent.</summary>
    public SentRequest Request => request;

    protected IClientUser User => user;

    /// <summary>Takes a response that matched this transaction.</summary>
    public abstract void Receive(SipMessage response, TimeSpan now);

    protected override void OnTerminated(TimeSpan now) => user.OnClientTerminated(this, now);
}
