
namespace OrleansCallback.Sip;

/// <summary>
/// One call of either direction, and what both directions do alike. It leaves the tables when its terminal event has been raised and its
/// last transaction is gone.
/// </summary>
abstract class Call(AgentCore core, string key, Credentials? credentials)
{
    readonly List<DialogUsage> usages = [];
    int live;
    bool over;

    public string Key => key;
    public AgentCore Core => core;
    public DigestSession Digest { get; } = new(credentials, core.Tokens);

    /// <summary>The dialog that the call lives in, once there is one.</summary>
    public DialogUsage? Usage { get; protected set; }

    /// <summary>What stands in User-Agent of this call's requests; null for the user agent's own.</summary>
    public virtual string? Product => null;

    /// <summary>True from the terminal event on.</summary>
    public bool IsOver => over;

    /// <summary>True when we called: then the Call-ID is ours, which decides who waits longer after a glare (RFC 3261 section 14.1).</summary>
    public abstract bool OwnsCallId { get; }

    /// <summary>True when the first INVITE is done, its ACK included: no re-INVITE before (RFC 3261 section 14.1).</summary>
    public abstract bool IsEstablished { get; }

    public abstract void HangUp(HangUpReason reason, TimeSpan now);

    /// <summary>BYE came and has been answered.</summary>
    public abstract void OnBye(DialogUsage usage, SipMessage bye, TimeSpan now);

    /// <summary>The ACK of the first INVITE's 2xx may have come.</summary>
    public virtual void OnAck(DialogUsage usage, SipMessage ack, TimeSpan now) { }

    /// <summary>A PRACK came; whoever sent nothing reliable has nothing to be acknowledged (RFC 3262 section 3).</summary>
    public virtual void OnPrack(DialogUsage usage, SipMessage prack, Hop source, TimeSpan now) => core.Respond(prack, source, 481, now);

    /// <summary>A re-INVITE came before the ACK: true when it proves as well that the peer has our 2xx.</summary>
    public virtual bool TryConfirm(DialogUsage usage, TimeSpan now) => false;

    /// <summary>The peer does not know this dialog any more, or does not answer in it (RFC 3261 section 12.2.1.2).</summary>
    public virtual void LoseDialog(DialogUsage usage, HangUpReason reason, TimeSpan now) => ByeAndFinish(reason, EndCause.DialogLost, now);

    /// <summary>The dialog in which UPDATE may go out now, early ones included (RFC 3311 section 5.1).</summary>
    protected virtual DialogUsage? UpdatableUsage => IsEstablished ? Usage : null;

    public DialogState Snapshot() => Usage!.Snapshot();

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
        foreach (var usage in usages) usage.Stop(now);
        core.Raise(e);
        OnFinished();
        RemoveWhenDone();
    }

    /// <summary>BYE, and the session is over from the moment that it is sent (RFC 3261 section 15.1.1).</summary>
    public void ByeAndFinish(HangUpReason reason, EndCause cause, TimeSpan now)
    {
        if (over) return;
        new OutgoingBye(Usage!, reason).Send(now);
        Finish(new Ended(key, cause), now);
    }

    public CommandResult Reinvite(ReadOnlyMemory<byte> sdp, bool isOptional, TimeSpan now) =>
        over || !IsEstablished ? CommandResult.WrongState : Usage!.Reinvite(sdp, isOptional, now);

    public CommandResult OfferCodecs(IReadOnlyList<AudioCodec> codecs, bool isOptional, TimeSpan now) =>
        Usage?.Media.With(codecs) is { } sdp ? Reinvite(sdp, isOptional, now) : CommandResult.WrongState;

    public CommandResult SetCodecs(IReadOnlyList<AudioCodec> codecs, AudioCodec? preferred)
    {
        if (over || Usage is null) return CommandResult.WrongState;
        Usage.Media.Restrict(codecs, preferred);
        return CommandResult.Done;
    }

    public CommandResult Update(ReadOnlyMemory<byte> sdp, TimeSpan now) =>
        over || UpdatableUsage is not { } usage ? CommandResult.WrongState : usage.Update(sdp, now);

    /// <summary>Puts a dialog into the table; it leaves with the call, or before by <see cref="Forget"/>.</summary>
    protected DialogUsage Register(Dialog dialog, SessionMedia media)
    {
        var usage = new DialogUsage(this, dialog, media);
        usages.Add(usage);
        core.Dialogs[dialog.Id] = usage;
        return usage;
    }

    /// <summary>A dialog that will never be confirmed leaves the table.</summary>
    protected void Forget(DialogUsage usage, TimeSpan now)
    {
        usage.Decline(now);
        usages.Remove(usage);
        core.Dialogs.Remove(usage.Dialog.Id);
    }

    /// <summary>For timers and tables of the direction.</summary>
    protected abstract void OnFinished();

    void RemoveWhenDone()
    {
        if (!over || live > 0 || !core.Calls.Remove(key)) return;
        foreach (var usage in usages) core.Dialogs.Remove(usage.Dialog.Id);
        OnRemoved();
    }

    /// <summary>The call left the tables.</summary>
    protected virtual void OnRemoved() { }
}
