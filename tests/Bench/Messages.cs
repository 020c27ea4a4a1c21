using System.Text;

namespace OrleansCallback.Bench;

/// <summary>Messages as text.</summary>
static class Messages
{
    const string Sdp =
        "v=0\r\no=- 3724394400 3724394405 IN IP4 198.51.100.7\r\ns=-\r\nc=IN IP4 198.51.100.7\r\nt=0 0\r\nm=audio 29120 RTP/AVP 8 0 101\r\n"
        + "a=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n";

    /// <summary>An INVITE with two Vias, a Record-Route and SDP.</summary>
    public static byte[] CarrierInvite() => Encoding.ASCII.GetBytes(
        "INVITE sip:+4930231259990@192.0.2.1:5060 SIP/2.0\r\n"
        + "Via: SIP/2.0/UDP 198.51.100.1:5060;branch=z9hG4bK8f3a.2b1c7d9e0f.0\r\n"
        + "Via: SIP/2.0/UDP 198.51.100.7:5060;received=198.51.100.7;branch=z9hG4bK-524287-1---a81fe19cbf0c5f5d;rport=5060\r\n"
        + "Record-Route: <sip:198.51.100.1;lr;ftag=57de1a2b>\r\nMax-Forwards: 69\r\n"
        + "From: \"Carrier\" <sip:+4917139200101@198.51.100.7>;tag=57de1a2b\r\nTo: <sip:+4930231259990@192.0.2.1>\r\n"
        + "Call-ID: 84b0d3f5-1f0e-4c0a-9f5e-2d6c1a7b8e90@198.51.100.7\r\nCSeq: 102 INVITE\r\nContact: <sip:+4917139200101@198.51.100.7:5060>\r\n"
        + "Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, UPDATE, INFO\r\nSupported: timer, 100rel\r\nSession-Expires: 1800\r\nMin-SE: 90\r\nUser-Agent: Carrier SBC\r\n"
        + $"Content-Type: application/sdp\r\nContent-Length: {Sdp.Length}\r\n\r\n{Sdp}");

    /// <summary>A response to a request of ours, with the request's own fields.</summary>
    public static byte[] Response(Sip.SipMessage request, int code, string toTag, bool withSdp)
    {
        static string Text(Sip.SipMessage m, Sip.HeaderId id) => Encoding.ASCII.GetString(m.Header(id));
        var tag = toTag.Length > 0 && request.To!.Tag.Length == 0 ? $";tag={toTag}" : "";
        var body = withSdp ? Sdp : "";
        return Encoding.ASCII.GetBytes(
            $"SIP/2.0 {code} OK\r\nVia: {Text(request, Sip.HeaderId.Via)}\r\nFrom: {Text(request, Sip.HeaderId.From)}\r\nTo: {Text(request, Sip.HeaderId.To)}{tag}\r\n"
            + $"Call-ID: {request.CallId}\r\nCSeq: {Text(request, Sip.HeaderId.CSeq)}\r\nContact: <sip:phone@198.51.100.7>\r\n"
            + $"{(withSdp ? "Content-Type: application/sdp\r\n" : "")}Content-Length: {body.Length}\r\n\r\n{body}");
    }

    /// <summary>The phone's BYE in a dialog of ours.</summary>
    public static byte[] Bye(Sip.SipMessage invite, string toTag, int number) => Encoding.ASCII.GetBytes(
        $"BYE sip:192.0.2.1:5060 SIP/2.0\r\nVia: SIP/2.0/UDP 198.51.100.7:5060;branch=z9hG4bKbye{number};rport\r\nMax-Forwards: 70\r\n"
        + $"From: <{invite.To!.Uri}>;tag={toTag}\r\nTo: <{invite.From!.Uri}>;tag={invite.From.Tag}\r\nCall-ID: {invite.CallId}\r\nCSeq: 1 BYE\r\n"
        + "Reason: Q.850;cause=16\r\nContent-Length: 0\r\n\r\n");
}
