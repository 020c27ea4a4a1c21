using Xunit;

namespace OrleansCallback.Tests.Sip.Torture;

/// <summary>RFC 4475 section 3.1.1: messages that look wrong and are right.</summary>
static class ValidMessages
{
    public static TheoryData<string, string, string> All => new()
    {
        {
            "3.1.1.1 a short tortuous INVITE",
            Tortuous,
            "rings"
        },
        {
            "3.1.1.2 every character that a token may have",
            """
            !Odd-Method0123456789_*+`.%taken'~ sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@bakery.example SIP/2.0
            Via: SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK-.!%66*_+`'~
            To: "BEL:\BEL NUL:\NUL DEL:\DEL" <sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@bakery.example>
            From: token1~` token2'+_ token3*%!.- <sip:mundane@bakery.example>;unheard''~+*_!.-%="of param";tag=_token~1'+`*%!-.
            Call-ID: odd.%Z%45(word%ZK-!.*_+'@word`~)(><:\/"][?}{
            CSeq: 139122385 !Odd-Method0123456789_*+`.%taken'~
            Max-Forwards: 255
            odd-!.%*+-`_'~: value
            Content-Length: 0


            """.Replace("\\BEL", "\\\a", StringComparison.Ordinal).Replace("\\NUL", "\\\0", StringComparison.Ordinal).Replace("\\DEL", "\\\u007f", StringComparison.Ordinal),
            "501 !Odd-Method0123456789_*+`.%taken'~"
        },
        {
            "3.1.1.3 escapes that are needed",
            Invite("sip:sips%3Abaker%40mill.example@bakery.example", from: "<sip:I%20have%20spaces@mill.example>;tag=1"),
            "rings"
        },
        {
            "3.1.1.4 an escaped null",
            Request("OPTIONS", from: "<sip:null-%00-null@mill.example>;tag=1", to: "<sip:null-%00-null@mill.example>", extra: "Contact: <sip:%00@192.0.2.2>\n"),
            "200 OPTIONS"
        },
        { "3.1.1.5 a percent sign that escapes nothing", Request("OP%54IONS", from: "\"%Z%45\" <sip:resource@mill.example>;tag=1"), "501 OP%54IONS" },
        { "3.1.1.6 no blank between the name and the angle bracket", Request("OPTIONS", from: "baker<sip:baker@mill.example>;tag=1"), "200 OPTIONS" },
        { "3.1.1.7 long values", LongInvite(), "rings" },
        { "3.1.1.8 another message behind the end", Request("OPTIONS") + Request("OPTIONS", callId: "second"), "200 OPTIONS" },
        { "3.1.1.9 semicolons in the user part", Request("OPTIONS", uri: "sip:user;par=u%40mill.example@bakery.example"), "200 OPTIONS" },
        {
            "3.1.1.10 transports that nobody knows",
            Request("OPTIONS", extra: "Via: SIP/2.0/SCTP 192.0.2.3;branch=z9hG4bKa\nVia: SIP/2.0/PIGEON 192.0.2.4;branch=z9hG4bKb\nVia: SIP/2.0/TLS 192.0.2.5;branch=z9hG4bKc\n"),
            "200 OPTIONS"
        },
        {
            "3.1.1.11 a body of several parts",
            Request(
                "INVITE", extra: "Contact: <sip:baker@192.0.2.2>\nContent-Type: multipart/mixed;boundary=\"=crumb=\"\n",
                body: "--=crumb=\nContent-Type: text/plain\n\nrye\n--=crumb=\nContent-Type: application/octet-stream\n\n\u0001\u0002\n--=crumb=--\n"),
            "415 INVITE"
        },
        { "3.1.1.12 a phrase of any language", Response("200 = 2**3 * 5**2 но сто девяносто девять - простое"), "stray" },
        { "3.1.1.13 an empty phrase", Response("100 "), "stray" },
    };

    /// <summary>Folded lines, compact names, odd blanks, quotes, and more than one Via in a line.</summary>
    public const string Tortuous =
        """
        INVITE sip:sonja@bakery.example;flour=rye SIP/2.0
        TO :
         sip:sonja@bakery.example ;   hall
          =  3
        from   : "The Baker \\\""       <sip:baker@mill.example>
          ;
          tag = 5kk3
        MaX-fOrWaRdS: 0070
        Call-ID: tortuous.1@192.0.2.2
        Content-Length   : 87
        cseq: 0007
          INVITE
        Via  : SIP  /   2.0
         /UDP
            192.0.2.2;branch=oven77
        s :
        OvenTemperature:   two hundred
         and thirty
        OddlyFilled: ;;,,;;,;
        Content-Type: application/sdp
        v:  SIP  / 2.0  / TCP     flour.mill.example   ;
          branch  =   z9hG4bKrye  ,
         SIP  /    2.0   / UDP  192.0.2.77   ; branch=
         z9hG4bKwheat
        m:"A \"quoted\" baker" <sip:baker@192.0.2.2> ; crust =
              thick ;
          hot ; q = 0.33

        v=0
        o=- 1 1 IN IP4 192.0.2.2
        s=-
        c=IN IP4 192.0.2.2
        t=0 0
        m=audio 4000 RTP/AVP 0

        """;

    /// <summary>A request that would be answered but for what a case changes.</summary>
    public static string Request(
        string method, string uri = "sip:bakery.example", string from = "<sip:baker@mill.example>;tag=1", string to = "<sip:sonja@bakery.example>",
        string callId = "torture", string extra = "", string body = "", string? cseq = null, string via = "SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bKflour",
        string maxForwards = "70", string? length = null) =>
        $"{method} {uri} SIP/2.0\nVia: {via}\nMax-Forwards: {maxForwards}\nFrom: {from}\nTo: {to}\nCall-ID: {callId}\nCSeq: {cseq ?? $"7 {method}"}\n"
        + $"{extra}Content-Length: {length ?? $"{Wire.Bytes(body).Length}"}\n\n{body}";

    /// <summary>An INVITE that would ring but for what a case changes.</summary>
    public static string Invite(
        string uri = "sip:sonja@bakery.example", string from = "<sip:baker@mill.example>;tag=1", string to = "<sip:sonja@bakery.example>", string extra = "",
        string sdp = Sdp, string contact = "<sip:baker@192.0.2.2>", string via = "SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bKflour") =>
        Request("INVITE", uri, from, to, extra: $"{extra}Contact: {contact}\nContent-Type: application/sdp\n", body: sdp, via: via);

    /// <summary>A response to nothing.</summary>
    public static string Response(string status, string cseq = "7 INVITE", string via = "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKnothing") =>
        $"SIP/2.0 {status}\nVia: {via}\nFrom: <sip:us@192.0.2.1>;tag=1\nTo: <sip:sonja@bakery.example>;tag=2\n"
        + $"Call-ID: torture\nCSeq: {cseq}\nContact: <sip:sonja@192.0.2.2>\nContent-Length: 0\n\n";

    public const string Sdp = "v=0\no=- 1 1 IN IP4 192.0.2.2\ns=-\nc=IN IP4 192.0.2.2\nt=0 0\nm=audio 4000 RTP/AVP 0\n";

    static string LongInvite()
    {
        var name = string.Concat(Enumerable.Repeat("very", 40));
        var values = string.Join(",\n ", Enumerable.Range(0, 30).Select(n => $"a{name}{n}"));
        var vias = string.Concat(Enumerable.Range(0, 33).Select(n => $"Via: SIP/2.0/TCP sip{n}.mill.example;branch=z9hG4bK{name}{n}\n"));
        return Invite(
            uri: $"sip:user@bakery.example;unknown{name}Param={name}Value", from: $"sip:{name}@mill.example;tag=12{name}424",
            to: $"\"I have a user name of {name} proportion\" <sip:user@bakery.example:6000;{name}=long>;{name}={name};unquoted{name}=x",
            extra: $"{vias}{name}-Header: {values}\nUnknown-{name}: {values}\n", contact: $"<sip:{name}@192.0.2.2>");
    }
}
