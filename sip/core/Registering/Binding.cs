namespace OrleansCallback.Sip;

/// <summary>One contact of an account (RFC 3261 section 10).</summary>
/// <param name="Contact">The Contact URI as the phone wrote it: the Request-URI of a call to it.</param>
/// <param name="Flow">Where the phone is reached: the source of its REGISTER, with the connection that it came on.</param>
/// <param name="Q">How much it is liked, 0 to 1 (RFC 3261 section 20.10).</param>
/// <param name="CallId">Call-ID of the REGISTER that made or refreshed it.</param>
/// <param name="CSeq">Its number.</param>
/// <param name="Since">When it was made or last refreshed.</param>
/// <param name="Until">When it ends.</param>
/// <param name="Instance">The phone and its flow, of +sip.instance and reg-id (RFC 5626 section 6); empty when it names none.</param>
public sealed record Binding(string Contact, Hop Flow, double Q, string CallId, int CSeq, TimeSpan Since, TimeSpan Until, string Instance = "")
{
    /// <summary>True when the phone listens over UDP where it says, with nothing between: anybody may send there.</summary>
    public bool IsDirect =>
        !Flow.IsReliable && SipUri.TryParse(Contact, out var uri) && Target.Of(uri).TryHop(out var said) && said.EndPoint.Equals(Flow.EndPoint);

    /// <summary>
    /// The flow of a REGISTER: over UDP its source, since behind a NAT nothing else leads back (RFC 3581). A phone that does not ask for rport
    /// and whose contact has the same address is no such one: it listens where it says.
    /// </summary>
    public static Hop FlowOf(SipMessage register, SipUri contact, Hop source)
    {
        var listens = !source.IsReliable && register.TopVia!.Parameters["rport"] is null && contact.HostPort.TryEndPoint(out var said)
            && said.Address.Equals(source.EndPoint.Address) ? said : source.EndPoint;
        return source with { EndPoint = listens, IsFlow = true };
    }
}
