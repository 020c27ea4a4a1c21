namespace OrleansCallback.Sip;

/// <summary>
/// What a message is matched by. Client: branch and method of CSeq (RFC 3261 section 17.1.3). Server: branch, sent-by and method, with
/// ACK matched as INVITE (section 17.2.3).
/// </summary>
/// <param name="Branch">The branch, or for a request of an RFC 2543 element what stands for it.</param>
/// <param name="SentBy">Empty for a client transaction.</param>
/// <param name="Method">The method's name.</param>
readonly record struct TransactionKey(string Branch, string SentBy, string Method)
{
    public static TransactionKey Client(string branch, string method) => new(branch, "", method);

    public static TransactionKey Server(SipMessage request, string method)
    {
        var via = request.TopVia!;
        return via.Branch.StartsWith(Via.MagicCookie, StringComparison.OrdinalIgnoreCase) && via.Branch.Length > Via.MagicCookie.Length
            ? new(via.Branch.ToLowerInvariant(), via.SentBy.ToString().ToLowerInvariant(), method)
            : new($"{request.CallId} {request.From!.Tag} {request.CSeq!.Number} {via}", "", method);
    }
}
