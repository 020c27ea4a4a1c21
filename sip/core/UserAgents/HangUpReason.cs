namespace OrleansCallback.Sip;

/// <summary>Why we hang up; goes out as Reason headers (RFC 3326) of CANCEL or BYE.</summary>
/// <param name="Q850">A Q.850 cause; null to leave it out.</param>
/// <param name="SipCode">A SIP status code; null to leave it out. Also the status that rejects an incoming call.</param>
/// <param name="Text">Text for people; empty to leave it out.</param>
public sealed record HangUpReason(int? Q850 = null, int? SipCode = null, string Text = "")
{
    /// <summary>Q.850 cause 16, the everyday end of a call.</summary>
    public static HangUpReason Normal { get; } = new(Q850: 16);

    internal IEnumerable<HeaderLine> Lines() => Values().Select(value => new HeaderLine(HeaderId.Reason, value));

    IEnumerable<string> Values()
    {
        if (SipCode is not null) yield return new ReasonValue(ReasonValue.Sip, SipCode, Text).ToString();
        if (Q850 is not null) yield return new ReasonValue(ReasonValue.Q850, Q850, Text).ToString();
    }
}
