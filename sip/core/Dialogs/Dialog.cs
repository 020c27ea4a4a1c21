using System.Text;

namespace OrleansCallback.Sip;

/// <summary>What a dialog is found by (RFC 3261 section 12).</summary>
readonly record struct DialogId(string CallId, string LocalTag, string RemoteTag);

/// <summary>One dialog (RFC 3261 section 12): who talks to whom, in which order, by which way.</summary>
sealed class Dialog
{
    /// <summary>The most routes that are kept; a longer set makes requests that no datagram carries.</summary>
    public const int MaxRoutes = 32;

    readonly string localParty, remoteParty, localContact;
    readonly string sentBy;
    Hop peerAddress;
    List<string> routeSet;
    string remoteTarget;

    Dialog(DialogId id, string localParty, string remoteParty, string localContact, string sentBy,
        List<string> routeSet, string remoteTarget, Hop peerAddress)
    {
        (Id, this.localParty, this.remoteParty, this.localContact, this.sentBy) = (id, localParty, remoteParty, localContact, sentBy);
        (this.routeSet, this.remoteTarget, this.peerAddress) = (routeSet, remoteTarget, peerAddress);
    }

    public DialogId Id { get; }

    public int LocalCSeq { get; private set; }

    public int RemoteCSeq { get; private set; }

    public string LocalContact => localContact;

    /// <summary>True when the peer's last Allow lists UPDATE (RFC 3311 section 4).</summary>
    public bool PeerTakesUpdate { get; private set; }

    /// <summary>The caller's side, from a response with a To tag (RFC 3261 section 12.1.2).</summary>
    public static Dialog OfCaller(InviteAttempt attempt, SipMessage response, Hop source)
    {
        if (!NameAddress.TryParse(Encoding.UTF8.GetBytes(attempt.From), out var from))
            throw new InvalidOperationException($"attempt {attempt.AttemptId} has the From '{attempt.From}'");
        var dialog = new Dialog(
            new DialogId(attempt.CallId, from.Tag, response.To!.Tag), Party(from), attempt.To, attempt.Contact, attempt.SentBy,
            CallersRoutes(response), Target(response) ?? attempt.RequestUri, source) { LocalCSeq = attempt.CSeq };
        dialog.Learn(response);
        return dialog;
    }

    /// <summary>The 2xx of an early dialog tells its route set anew (RFC 3261 section 13.2.2.4).</summary>
    public void Confirm(SipMessage answer)
    {
        routeSet = CallersRoutes(answer);
        Refresh(answer);
    }

    /// <summary>The callee's side, from the INVITE (RFC 3261 section 12.1.1).</summary>
    public static Dialog OfCallee(SipMessage invite, string localTag, string sentBy, string contact, Hop source)
    {
        var dialog = new Dialog(
            new DialogId(invite.CallId, localTag, invite.From!.Tag), Party(invite.To!), Party(invite.From), contact, sentBy,
            Routes(invite), Target(invite) ?? invite.From.Uri, source) { RemoteCSeq = invite.CSeq!.Number };
        dialog.Learn(invite);
        return dialog;
    }

    /// <summary>The parts of the next request of ours; its CSeq is taken.</summary>
    public RequestParts Next(SipMethod method, string branch) => Parts(method, branch, ++LocalCSeq);

    /// <summary>The ACK of a 2xx: the INVITE's number, a branch of its own (RFC 3261 section 13.2.2.4).</summary>
    public RequestParts Ack(int inviteCSeq, string branch) => Parts(SipMethod.Ack, branch, inviteCSeq);

    /// <summary>False for a request that is older than one already seen (RFC 3261 section 12.2.2).</summary>
    public bool TryTakeCSeq(SipMessage request)
    {
        if (RemoteCSeq != 0 && request.CSeq!.Number <= RemoteCSeq) return false;
        RemoteCSeq = request.CSeq!.Number;
        return true;
    }

    /// <summary>A re-INVITE, an UPDATE or the 2xx of one may move the peer (RFC 3261 section 12.2, RFC 3311 section 5).</summary>
    public void Refresh(SipMessage message)
    {
        remoteTarget = Target(message) ?? remoteTarget;
        Learn(message);
    }

    /// <summary>
    /// A phone on a flow speaks: where it speaks from now is its flow, since its NAT may have moved it or its connection broken. One that asks for
    /// no rport may listen elsewhere (RFC 3581 section 4).
    /// </summary>
    public void Hear(SipMessage request, Hop source)
    {
        if (peerAddress.IsFlow && (source.IsReliable || request.TopVia!.HasRport)) peerAddress = source with { IsFlow = true };
    }

    /// <summary>Allow tells which methods the peer takes; a message without it changes nothing.</summary>
    public void Learn(SipMessage message)
    {
        if (message.Has(HeaderId.Allow)) PeerTakesUpdate = message.Lists(HeaderId.Allow, "UPDATE");
    }

    /// <summary>The peer answered an UPDATE with 405 or 501, whatever its Allow said.</summary>
    public void ForgetUpdate() => PeerTakesUpdate = false;

    public DialogState Snapshot(ReadOnlyMemory<byte> localSdp, ReadOnlyMemory<byte> remoteSdp) => new(
        Id.CallId, Id.LocalTag, Id.RemoteTag, localParty, remoteParty, LocalCSeq, RemoteCSeq, routeSet, remoteTarget, localContact,
        peerAddress.ToString(), CryptoLine.WithoutKeys(Grammar.Text(localSdp.Span)), CryptoLine.WithoutKeys(Grammar.Text(remoteSdp.Span)));

    RequestParts Parts(SipMethod method, string branch, int cseq)
    {
        var (uri, routes) = Way();
        var (hop, name) = NextHop();
        return new RequestParts(method, uri, sentBy, branch, $"{localParty};tag={Id.LocalTag}",
            Id.RemoteTag.Length == 0 ? remoteParty : $"{remoteParty};tag={Id.RemoteTag}", Id.CallId, cseq, routes, hop) { Target = name };
    }

    /// <summary>With a strict router in front its URI takes the Request-URI's place (RFC 3261 section 12.2.1.1).</summary>
    (string Uri, IReadOnlyList<string> Routes) Way()
    {
        if (routeSet.Count == 0 || FirstRoute() is not { } first || first.IsLooseRouter) return (remoteTarget, routeSet);
        // Headers and a method parameter have no place in a Request-URI.
        var uri = first with { Headers = "", Parameters = first.Parameters.Without("method") };
        return (uri.ToString(), [.. routeSet.Skip(1), $"<{remoteTarget}>"]);
    }

    /// <summary>The next hop when its URI holds an address; of a name, and where there is none, whom we heard from.</summary>
    public (Hop Hop, Target? Name) NextHop()
    {
        // A call that was sent on a flow stays on it: behind a NAT the Contact leads nowhere (RFC 5626 section 5.3).
        if (peerAddress.IsFlow && routeSet.Count == 0) return (peerAddress, null);
        var uri = routeSet.Count > 0 ? FirstRoute() : SipUri.TryParse(remoteTarget, out var remote) ? remote : null;
        if (uri is null) return (peerAddress, null);
        var target = Sip.Target.Of(uri);
        if (!target.TryHop(out var hop)) return (peerAddress, target);
        if (hop.EndPoint.AddressFamily != peerAddress.EndPoint.AddressFamily) return (peerAddress, null);
        // A URI without a transport means UDP (RFC 3263 section 4.1), but who talks to us over a stream can be reached by it.
        if (!hop.EndPoint.Address.Equals(peerAddress.EndPoint.Address)) return (hop, null);
        if (target.Transport is null && !target.IsSecure) hop = hop with { Transport = peerAddress.Transport };
        return (hop.Transport == peerAddress.Transport ? peerAddress with { EndPoint = hop.EndPoint } : hop, null);
    }

    SipUri? FirstRoute() =>
        NameAddress.TryParse(Encoding.UTF8.GetBytes(routeSet[0]), out var route) && SipUri.TryParse(route.Uri, out var uri) ? uri : null;

    static List<string> CallersRoutes(SipMessage response)
    {
        var routes = Routes(response);
        routes.Reverse();
        return routes;
    }

    static List<string> Routes(SipMessage message) =>
        [.. message.Addresses(HeaderId.RecordRoute).Take(MaxRoutes).Select(r => new NameAddress("", r.Uri, r.Parameters).ToString())];

    static string? Target(SipMessage message) => message.Addresses(HeaderId.Contact) is [var contact, ..] ? contact.Uri : null;

    static string Party(NameAddress address) =>
        (address with { Parameters = address.Parameters.Without("tag") }).ToString();
}
