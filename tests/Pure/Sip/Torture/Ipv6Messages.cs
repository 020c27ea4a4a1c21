using Xunit;
using static OrleansCallback.Tests.Sip.Torture.ValidMessages;

namespace OrleansCallback.Tests.Sip.Torture;

/// <summary>RFC 5118: addresses of version 6.</summary>
static class Ipv6Messages
{
    public static TheoryData<string, string, string> All => new()
    {
        { "5118 4.1 an address as the Request-URI", Invite(uri: "sip:[2001:db8::10]", via: "SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKflour"), "rings" },
        { "5118 4.2 an address without brackets", Request("OPTIONS", uri: "sip:2001:db8::10"), "400 OPTIONS" },
        { "5118 4.3 a port that is part of the address", Request("OPTIONS", uri: "sip:[2001:db8::10:5070]"), "200 OPTIONS" },
        { "5118 4.4 a port behind the address", Request("OPTIONS", uri: "sip:[2001:db8::10]:5070"), "200 OPTIONS" },
        { "5118 4.5 received with brackets", Request("BYE", via: "SIP/2.0/UDP [2001:db8::9:1];received=[2001:db8::9:255];branch=z9hG4bKflour"), "481 BYE" },
        { "5118 4.5 received without brackets", Request("BYE", via: "SIP/2.0/UDP [2001:db8::9:1];received=2001:db8::9:255;branch=z9hG4bKflour"), "481 BYE" },
        { "5118 4.6 an address in SDP", Invite(sdp: Sdp.Replace("IP4 192.0.2.2", "IP6 2001:db8::20", StringComparison.Ordinal)), "rings" },
        {
            "5118 4.7 both versions in the header fields",
            Request("BYE", via: "SIP/2.0/UDP [2001:db8::9:1]:6050;branch=z9hG4bKflour", extra: "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx;received=[2001:db8::9:255]\n"),
            "481 BYE"
        },
        {
            "5118 4.8 both versions in one SDP",
            Invite(sdp: "v=0\no=- 1 1 IN IP4 192.0.2.2\ns=-\nt=0 0\nm=audio 4000 RTP/AVP 0\nc=IN IP6 2001:db8::1\nm=video 6000 RTP/AVP 31\nc=IN IP4 192.0.2.2\n"),
            "rings"
        },
        {
            "5118 4.9 addresses of version 4 mapped into version 6",
            Invite(
                via: "SIP/2.0/UDP [::ffff:192.0.2.2]:5060;branch=z9hG4bKflour", contact: "<sip:baker@[::ffff:192.0.2.2]:5060>",
                sdp: Sdp.Replace("IP4 192.0.2.2", "IP6 ::ffff:192.0.2.2", StringComparison.Ordinal)),
            "rings"
        },
        { "5118 4.10 three colons in a row", Request("OPTIONS", uri: "sip:user@[2001:db8:::192.0.2.1]"), "400 OPTIONS" },
    };
}
