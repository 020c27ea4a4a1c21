namespace OrleansCallback.Sip;

/// <summary>A BYE of ours; any final response but a challenge ends it (RFC 3261 section 15.1.1).</summary>
sealed class OutgoingBye(DialogUsage usage, HangUpReason reason) : DialogRequest(usage, SipMethod.Bye)
{
    protected override IEnumerable<HeaderLine> Headers() => reason.Lines();
}
