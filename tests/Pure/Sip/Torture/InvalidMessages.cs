using Xunit;
using static OrleansCallback.Tests.Sip.Torture.ValidMessages;

namespace OrleansCallback.Tests.Sip.Torture;

/// <summary>RFC 4475 section 3.1.2: messages that are wrong.</summary>
static class InvalidMessages
{
    public static TheoryData<string, string, string> All => new()
    {
        {
            "3.1.2.1 separators without anything between them",
            Invite(to: "<sip:sonja@bakery.example>;;;;", contact: "<sip:baker@192.0.2.2>;;;;", via: "SIP/2.0/UDP 192.0.2.2;;,;,,"),
            "400 INVITE"
        },
        { "3.1.2.2 a Content-Length beyond the end", Request("OPTIONS", length: "9999", body: "short"), "400 OPTIONS" },
        { "3.1.2.3 a negative Content-Length", Request("INVITE", length: "-999", extra: "Contact: <sip:baker@192.0.2.2>\n"), "400 INVITE" },
        {
            "3.1.2.4 numbers of a request that no field can hold",
            Request("OPTIONS", cseq: "36893488147419103232 OPTIONS", maxForwards: "300", extra: "Expires: 10000000000000000000000\n"),
            "400 OPTIONS"
        },
        { "3.1.2.5 numbers of a response that no field can hold", Response("503 Service Unavailable", cseq: "9292394834772304023312 OPTIONS"), "dropped" },
        { "3.1.2.6 a quoted name that does not end", Request("OPTIONS", to: "\"Miss Sonja <sip:sonja@bakery.example>"), "400 OPTIONS" },
        { "3.1.2.7 angle brackets around the Request-URI", Invite(uri: "<sip:sonja@bakery.example>"), "400 INVITE" },
        { "3.1.2.8 blanks inside the Request-URI", Invite(uri: "sip:sonja@bakery.example; lr"), "400 INVITE" },
        { "3.1.2.9 several blanks in the request line", Request("OPTIONS ", uri: "sip:bakery.example ", cseq: "7 OPTIONS"), "400 OPTIONS" },
        {
            "3.1.2.10 blanks behind the request line, which may pass",
            Request("OPTIONS").Replace("SIP/2.0\nVia", "SIP/2.0  \nVia", StringComparison.Ordinal),
            "200 OPTIONS"
        },
        { "3.1.2.11 headers in the Request-URI", Invite(uri: "sip:sonja@bakery.example?Route=%3Csip:mill.example%3E"), "400 INVITE" },
        { "3.1.2.12 a date of another time zone, which nobody reads", Invite(extra: "Date: Fri, 01 Jan 2010 16:00:00 EST\n"), "rings" },
        { "3.1.2.13 a Contact with headers and without brackets", Invite(contact: "sip:baker@192.0.2.2?Route=%3Csip:mill.example%3E"), "400 INVITE" },
        { "3.1.2.14 blanks inside the angle brackets", Request("OPTIONS", to: "\"Sonja\" < sip:sonja@bakery.example >"), "400 OPTIONS" },
        { "3.1.2.15 a comma in a name without quotes, which may pass", Request("OPTIONS", from: "Baker, The <sip:baker@mill.example>;tag=1"), "200 OPTIONS" },
        { "3.1.2.16 another version", Request("OPTIONS").Replace("SIP/2.0\nVia", "SIP/7.0\nVia", StringComparison.Ordinal), "505 OPTIONS" },
        { "3.1.2.17 CSeq of another method", Request("OPTIONS", cseq: "7 INVITE"), "400 INVITE" },
        { "3.1.2.18 an unknown method and CSeq of another", Request("BAKE", cseq: "7 INVITE"), "400 INVITE" },
        { "3.1.2.19 a status beyond all numbers", Response("4294967301 better not break the receiver"), "dropped" },
    };
}
