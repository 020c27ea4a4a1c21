namespace OrleansCallback.Sip;

/// <summary>
/// One call of either direction: its dialog, and what both directions do alike once there is one. It leaves the tables when its
/// terminal event has been raised and its last transaction is gone.
/// </summary>
abstract class Call(AgentCore core, string key, Credentials? credentials)
{
    int live;
    bool over;
    OutgoingReinvite? reinvite;
    IncomingReinvite? lastReinvite;
    bool peerHungUp;

    public string Key => key;
    public AgentCore Core => core;
    public DigestSession Digest { get; } = new(credentials, core.Tokens);
    public SessionMedia Media { get; } = new();
    public Dialog? Dialog { get; private set; }

    /// <summary>True from the terminal event on.</summary>
    public bool IsOver => over;

    /// <summary>True when we called: then the Call-ID is ours, which decides who waits longer after a glare (RFC 3261 section 14.1).</summary>
    public abstract bool OwnsCallId { get; }

    /// <summary>The peer may not have all it needs for requests in the dialog before this.</summary>
    public abstract bool IsEstablished { get; }

    public abstract void HangUp(HangUpReason reason, TimeSpan now);

    /// <summary>BYE came and has been answered.</summary>
    protected abstract void OnBye(SipMessage bye, TimeSpan now);

    /// <summary>The ACK of the first INVITE's 2xx may have come.</summary>
    protected virtual void OnAck(SipMessage ack, TimeSpan now) { }

    public DialogState Snapshot() => Dialog!.Snapshot(Media.Local, Media.Remote);

    /// <summary>A transaction of this call began.</summary>
    public void Enter() => live++;

    /// <summary>A transaction of this call is gone.</summary>
    public void Leave()
    {
        live--;
        RemoveWhenDone();
    }

    public void Raise(CallEvent e)
    {
        if (!over) core.Raise(e);
    }

    /// <summary>Raises the terminal event, once.</summary>
    public void Finish(TerminalEvent e, TimeSpan now)
    {
        if (over) return;
        over = true;
        reinvite?.Stop(now);
        core.Raise(e);
        OnFinished();
        RemoveWhenDone();
    }

    /// <summary>BYE, and the session is over from the moment that it is sent (RFC 3261 section 15.1.1).</summary>
    public void ByeAndFinish(HangUpReason reason, EndCause cause, TimeSpan now)
    {
        if (over) return;
        new OutgoingBye(this, Dialog!, reason).Send(now);
        Finish(new Ended(key, cause), now);
    }

    public CommandResult Reinvite(ReadOnlyMemory<byte> sdp, TimeSpan now)
    {
        if (over || !IsEstablished) return CommandResult.WrongState;
        if (reinvite is { IsOpen: true }) return CommandResult.Busy;
        reinvite = new OutgoingReinvite(this, sdp);
        reinvite.Send(now);
        return CommandResult.Done;
    }

    /// <summary>A request within the dialog that matched no transaction.</summary>
    public void Receive(SipMessage request, Hop source, TimeSpan now)
    {
        if (request.Method == SipMethod.Ack)
        {
            OnAck(request, now);
            lastReinvite?.ReceiveAck(request, now);
        }
        else if (over && request.Method != SipMethod.Bye) core.RespondStateless(request, source, 481);
        else if (!Dialog!.TryTakeCSeq(request)) core.RespondStateless(request, source, 500);
        else if (request.Method == SipMethod.Bye) ReceiveBye(request, source, now);
        else if (request.Method == SipMethod.Invite) ReceiveReinvite(request, source, now);
        else if (request.Method == SipMethod.Info && request.Has(HeaderId.InfoPackage))
            core.Respond(request, source, 469, now, headers: [new HeaderLine(HeaderId.RecvInfo, "")]); // RFC 6086 section 4.2.2
        else core.Respond(request, source, 200, now, headers: request.Method == SipMethod.Options ? Capabilities.All : null);
    }

    /// <summary>A BYE that crosses ours gets 200; a second one finds nothing (RFC 3261 section 15.1.2).</summary>
    void ReceiveBye(SipMessage bye, Hop source, TimeSpan now)
    {
        core.Respond(bye, source, peerHungUp ? 481 : 200, now);
        peerHungUp = true;
        if (!over) OnBye(bye, now);
    }

    void ReceiveReinvite(SipMessage request, Hop source, TimeSpan now)
    {
        if (reinvite is { IsInFlight: true } || !IsEstablished)
        {
            core.RespondStateless(request, source, 491); // glare, RFC 3261 section 14.2
            return;
        }
        // A later INVITE proves that the peer has the 2xx of the one before, though its ACK was lost.
        lastReinvite?.Supersede();
        lastReinvite = new IncomingReinvite(this);
        lastReinvite.Receive(request, source, now);
    }

    protected void Register(Dialog dialog)
    {
        Dialog = dialog;
        core.Dialogs[dialog.Id] = this;
    }

    /// <summary>For timers and tables of the direction.</summary>
    protected abstract void OnFinished();

    void RemoveWhenDone()
    {
        if (!over || live > 0 || !core.Calls.Remove(key)) return;
        if (Dialog is not null) core.Dialogs.Remove(Dialog.Id);
        OnRemoved();
    }

    /// <summary>The call left the tables.</summary>
    protected virtual void OnRemoved() { }
}
