using Xunit;
using static OrleansCallback.Tests.Sip.Torture.ValidMessages;

namespace OrleansCallback.Tests.Sip.Torture;

/// <summary>RFC 4475 sections 3.2, 3.3 and 3.4: messages that can be read, and what the layers above make of them.</summary>
static class SemanticMessages
{
    public static TheoryData<string, string, string> All => new()
    {
        { "3.2.1 a branch of nothing but the cookie", Request("OPTIONS", via: "SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK"), "200 OPTIONS" },
        { "3.3.1 fields missing", "INVITE sip:sonja@bakery.example SIP/2.0\nCSeq: 7 INVITE\nVia: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKflour\nContent-Length: 0\n\n", "400 INVITE" },
        { "3.3.2 a Request-URI of an unknown scheme", Request("OPTIONS", uri: "nobodyKnowsThisScheme:totallyopaque"), "416 OPTIONS" },
        { "3.3.3 a Request-URI of a known scheme that is not ours", Request("OPTIONS", uri: "soap.beep://192.0.2.103:3002"), "416 OPTIONS" },
        {
            "3.3.4 unknown schemes in the header fields",
            Request("OPTIONS", from: "<http://www.mill.example>;tag=1", to: "isbn:2983792873", extra: "Contact: <name:John_Smith>\n"),
            "200 OPTIONS"
        },
        {
            "3.3.5 extensions that nobody has",
            Request("OPTIONS", extra: "Require: nothingLikeThis, norThat\nProxy-Require: noProxyHasThis, norThat\n"),
            "420 OPTIONS"
        },
        { "3.3.6 a body of an unknown type", Request("INVITE", extra: "Contact: <sip:baker@192.0.2.2>\nContent-Type: application/dough\n", body: "<dough/>"), "415 INVITE" },
        { "3.3.7 credentials of an unknown scheme, which are none", Request("OPTIONS", extra: "Authorization: NoOneKnowsThis opaque-data=here\n"), "200 OPTIONS" },
        {
            "3.3.8 several values where one may be",
            Request("INVITE", extra: "Call-ID: another\nCSeq: 9 INVITE\nFrom: <sip:other@mill.example>;tag=2\nTo: <sip:other@bakery.example>\n"),
            "400 INVITE"
        },
        { "3.3.9 Content-Length twice", Request("OPTIONS", extra: "Content-Length: 13\n", body: "There's no way"), "400 OPTIONS" },
        { "3.3.10 a response whose Via is not ours", Response("200 OK", via: "SIP/2.0/UDP 255.255.255.255;branch=z9hG4bKbroadcast"), "stray" },
        { "3.3.11 no forwards left, which only a proxy minds", Request("OPTIONS", maxForwards: "0"), "200 OPTIONS" },
        { "3.3.12 a Contact with a parameter of the field", Invite(contact: "sip:baker@192.0.2.2;unknownparam"), "rings" },
        { "3.3.13 a Contact with a parameter of the URI", Invite(contact: "<sip:baker@192.0.2.2;unknownparam>"), "rings" },
        { "3.3.14 a Contact with escaped headers in its URI", Invite(contact: "<sip:baker@192.0.2.2?Route=%3Csip:mill.example%3E>"), "rings" },
        { "3.3.15 an INVITE that takes no SDP back", Invite(extra: "Accept: text/nobodyKnowsThis\n"), "406 INVITE" },
        {
            // It has neither branch nor tag nor Contact; the RFC leaves it to the element whether to take it. Without a Contact the call
            // could not be ended.
            "3.4.1 an INVITE of RFC 2543",
            "INVITE sip:sonja@bakery.example SIP/2.0\nVia: SIP/2.0/UDP old.mill.example\nFrom: <sip:+4930@mill.example;user=phone>\n"
            + "Record-Route: <sip:sonja@bakery.example;maddr=ss1.bakery.example>\nTo: sip:+4931@bakery.example;user=phone\nCall-ID: old\nCSeq: 56 INVITE\n"
            + $"Content-Type: application/sdp\n\n{Sdp}",
            "400 INVITE"
        },
    };
}
