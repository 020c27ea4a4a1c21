namespace OrleansCallback.Sip;

/// <summary>
/// An UPDATE of ours (RFC 3311 section 5.1): an offer of the application's, or a refresh of the session without one (RFC 4028 section 7.4).
/// </summary>
sealed class OutgoingUpdate : DialogRequest
{
    readonly ReadOnlyMemory<byte> sdp;
    readonly bool isRefresh;
    readonly GlareRetry glare;
    ReadOnlyMemory<byte> offer;

    public OutgoingUpdate(DialogUsage usage, ReadOnlyMemory<byte> sdp, bool isRefresh) : base(usage, SipMethod.Update)
    {
        (this.sdp, this.isRefresh) = (sdp, isRefresh);
        glare = new GlareRetry(usage, Start);
    }

    /// <summary>True until the application has its result.</summary>
    public bool IsOpen { get; private set; } = true;

    protected override ReadOnlyMemory<byte> Body => offer;

    public void Start(TimeSpan now)
    {
        if (!sdp.IsEmpty) offer = Usage.Media.Offer(sdp);
        Send(now);
    }

    public void Stop()
    {
        IsOpen = false;
        glare.Stop();
    }

    protected override IEnumerable<HeaderLine> Headers() => Usage.ChangeHeaders();

    public override void OnTimeout(ClientTransaction transaction, TimeSpan now) => Fail(408, null, now);

    protected override void OnFinal(SipMessage response, TimeSpan now)
    {
        var code = response.StatusCode;
        if (!IsOpen) return;
        if (code < 300)
        {
            Succeed(response, now);
            return;
        }
        if (!sdp.IsEmpty) Usage.Media.Withdraw();
        if (code == 491 && glare.TryWait(now)) return;
        if (code == 422 && Usage.Timer.TryRaise(response)) Start(now);
        else Fail(code, response, now);
    }

    void Succeed(SipMessage response, TimeSpan now)
    {
        IsOpen = false;
        Usage.Dialog.Refresh(response);
        if (Call.IsEstablished) Usage.Timer.OnSuccess(response, now);
        var answer = MediaTypes.SdpOf(response);
        if (!sdp.IsEmpty) Usage.Media.TakeAnswer(answer);
        if (isRefresh) return;
        Call.Raise(Usage.IsOfCall
            ? new UpdateDone(Call.Key, response.StatusCode, Usage.Snapshot(), sdp.IsEmpty ? default : answer)
            : new UpdateDone(Call.Key, 481, Call.Snapshot(), default)); // another phone of the fork has answered meanwhile
    }

    void Fail(int code, SipMessage? response, TimeSpan now)
    {
        if (!IsOpen) return;
        IsOpen = false;
        if (!sdp.IsEmpty) Usage.Media.Withdraw();
        if (code is 405 or 501) Usage.Dialog.ForgetUpdate();
        if (!isRefresh) Call.Raise(new UpdateDone(Call.Key, code, Usage.IsOfCall ? Usage.Snapshot() : Call.Snapshot(), default));
        Usage.OnChangeFailed(code, response, isRefresh, now);
    }
}
