namespace OrleansCallback.Sip;

/// <summary>Finds whom a request belongs to, and answers what belongs to nobody (RFC 3261 sections 8.2, 9.2, 12.2.2, 17.2.3).</summary>
sealed class RequestDispatcher(AgentCore core)
{
    long incoming;

    public Disposition Receive(SipMessage request, Hop source, TimeSpan now)
    {
        if (request.Method == SipMethod.Ack) return ReceiveAck(request, source, now);
        if (core.Layer.Find(TransactionKey.Server(request, request.MethodName)) is ServerTransaction known)
        {
            known.ReceiveAgain(now);
            return Disposition.Taken;
        }
        if (core.IsOverloaded) return Disposition.Overloaded;
        if (request.Method != SipMethod.Cancel && request.To!.Tag.Length > 0 && Find(request) is not null)
            return WhenLocated(request, source, now);
        return TakesBack(request) || core.Hears(source, now) ? ReceiveRequest(request, source, now) : Disposition.Limited;
    }

    Disposition ReceiveRequest(SipMessage request, Hop source, TimeSpan now)
    {
        if (request.Method == SipMethod.Cancel) ReceiveCancel(request, source, now);
        else if (Fault(request) is var (code, headers) && code != 0) core.RespondStateless(request, source, code, headers);
        else if (request.To!.Tag.Length > 0) ReceiveInDialog(request, source, now);
        else if (request.Method == SipMethod.Invite) ReceiveInvite(request, source, now);
        else if (request.Method == SipMethod.Options) core.RespondStateless(request, source, 200, core.Abilities.All);
        else if (request.Method == SipMethod.Register) return core.Registers.Receive(request, source, now);
        else core.RespondStateless(request, source, 481); // all others live in dialogs alone
        return Disposition.Taken;
    }

    Disposition ReceiveAck(SipMessage ack, Hop source, TimeSpan now)
    {
        if (core.Layer.Find(TransactionKey.Server(ack, SipMethod.Invite.Text())) is InviteServerTransaction { State: not TransactionState.Accepted } failed)
        {
            failed.ReceiveAck(now);
            return Disposition.Taken;
        }
        if (Find(ack) is not { } usage) return Disposition.StrayAck;
        usage.Receive(ack, source, now);
        return Disposition.Taken;
    }

    void ReceiveCancel(SipMessage cancel, Hop source, TimeSpan now)
    {
        if (InviteOf(cancel) is not { } invite)
        {
            core.RespondStateless(cancel, source, 481);
            return;
        }
        var call = invite.User as AnsweringCall;
        core.Respond(cancel, source, 200, now, call?.LocalTag ?? cancel.To!.Tag);
        call?.Cancel(cancel, now);
    }

    void ReceiveInDialog(SipMessage request, Hop source, TimeSpan now)
    {
        if (Find(request) is { } usage) usage.Receive(request, source, now);
        else core.RespondStateless(request, source, 481);
    }

    /// <summary>The INVITE that a CANCEL is about (RFC 3261 section 9.2).</summary>
    InviteServerTransaction? InviteOf(SipMessage cancel) =>
        core.Layer.Find(TransactionKey.Server(cancel, SipMethod.Invite.Text())) as InviteServerTransaction;

    /// <summary>Who has been heard may take its request back.</summary>
    bool TakesBack(SipMessage request) => request.Method == SipMethod.Cancel && InviteOf(request) is not null;

    /// <summary>A re-INVITE or UPDATE that leads to a name goes on when the name's servers are known (RFC 3263 section 4).</summary>
    Disposition WhenLocated(SipMessage request, Hop source, TimeSpan now)
    {
        var moves = request.MethodName is "INVITE" or "UPDATE";
        if (!moves || NextHopName.Of(request) is not { } name || !core.Servers.MustAsk(name, now)) return ReceiveRequest(request, source, now);
        request.Keep();
        return core.Servers.WhenKnown(name, now, later => Receive(request, source, later)) ? Disposition.Taken : Disposition.Overloaded;
    }

    void ReceiveInvite(SipMessage invite, Hop source, TimeSpan now)
    {
        if (core.Invites.Contains(AnsweringCall.InviteId(invite))) core.RespondStateless(invite, source, 482);
        else if (!core.Options.AcceptsCalls) core.RespondStateless(invite, source, core.Options.RefuseCallsWith);
        else if (core.Calls.Count >= core.Options.MaxCalls)
            core.RespondStateless(invite, source, 503, [new HeaderLine(HeaderId.RetryAfter, "5")]);
        else if (SessionTimer.IsTooShort(invite, core.Options))
            core.RespondStateless(invite, source, 422, [SessionExpires.Minimum(core.Options.MinSessionExpires)]);
        else if (core.Options.Reliable == ReliableProvisional.Required && !TakesReliable(invite))
            core.RespondStateless(invite, source, 421, [new HeaderLine(HeaderId.Require, ReliableSequence.Tag)]);
        else Ring(invite, source, now);
    }

    /// <summary>It rings at once, and may be taken back; that it leads to a name matters when something is to be said to the caller.</summary>
    void Ring(SipMessage invite, Hop source, TimeSpan now)
    {
        var name = NextHopName.Of(invite);
        _ = new AnsweringCall(core, $"in:{++incoming}:{core.Tokens.Next()}", invite, source, now);
        if (name is { } target) core.Servers.WhenKnown(target, now, _ => { });
    }

    /// <summary>The inspections of RFC 3261 section 8.2 in their order; code 0 when all is well.</summary>
    (int Code, IReadOnlyList<HeaderLine>? Headers) Fault(SipMessage request)
    {
        if (request.Method == SipMethod.Unknown) return (501, [Capabilities.Allow]);
        if (!core.Abilities.Takes(request.Method)) return (405, [Capabilities.Allow]);
        if (!SipUri.TryParse(request.RequestUri, out var uri)) return (SipUri.HasScheme(request.RequestUri) ? 400 : 416, null);
        if (uri.Headers.Length > 0) return (400, null); // RFC 3261 section 19.1.1: no headers in a Request-URI
        if (core.Abilities.Unsupported(request) is { } missing) return (420, [new HeaderLine(HeaderId.Unsupported, missing)]);
        if (request.Method != SipMethod.Invite) return (0, null);
        if (!MediaTypes.IsUnderstood(request)) return (415, Capabilities.Bodies);
        if (!MediaTypes.AcceptsSdp(request)) return (406, Capabilities.Bodies);
        if (MediaTypes.SdpOf(request) is { IsEmpty: false } sdp && !SessionDescription.TryParse(sdp.Span, out _)) return (488, null);
        return request.Has(HeaderId.Contact) ? (0, null) : (400, null); // RFC 3261 section 8.1.1.8
    }

    /// <summary>RFC 3262 section 3.</summary>
    static bool TakesReliable(SipMessage invite) =>
        invite.Lists(HeaderId.Supported, ReliableSequence.Tag) || invite.Lists(HeaderId.Require, ReliableSequence.Tag);

    DialogUsage? Find(SipMessage request) =>
        core.Dialogs.GetValueOrDefault(new DialogId(request.CallId, request.To!.Tag, request.From!.Tag));
}
