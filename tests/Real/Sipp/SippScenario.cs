using System.Globalization;
using System.Net;
using System.Text;

namespace OrleansCallback.Tests.Sipp;

/// <summary>
/// A SIPp scenario for one phone, step by step. What the first INVITE says is kept, so that it can be answered late and several times; To tags
/// are free, so that one SIPp stands for several phones of a fork.
/// </summary>
public sealed class SippScenario(string name)
{
    const string Kept = "via,caller,called,cseq,target";

    readonly StringBuilder steps = new();
    string audioAddress = "IP4 [local_ip]", audioPort = "[media_port]", sessionLines = "", mediaLines = "", formats = "8";
    bool mixed;

    /// <summary>Name of its files.</summary>
    public string Name => name;

    /// <summary>Waits for the first INVITE and keeps what it says.</summary>
    public SippScenario Invited(string? mustHave = null, string header = "Supported:") => Step($"""
        <recv request="INVITE" crlf="true"><action>
        {Keep("via", "Via:", ".*")}{Keep("caller", "From:", ".*")}{Keep("called", "To:", ".*")}{Keep("cseq", "CSeq:", ".*")}{Keep("target", "Contact:", "sip:[^&gt;;]*")}
        {Keep("seen", "CSeq:", ".*")}
        {Check(header, mustHave)}</action></recv>
        """);

    /// <summary>Waits for a request; fails the call when a header does not hold this text.</summary>
    public SippScenario Receives(string method, string? mustHave = null, string header = "CSeq:") =>
        Step($"""<recv request="{method}" crlf="true"><action>{Check(header, mustHave)}</action></recv>""");

    /// <summary>Waits for a response to a request of the phone's.</summary>
    public SippScenario Gets(int code, string? mustHave = null, string header = "CSeq:") =>
        Step($"""<recv response="{Text(code)}" crlf="true"><action>{Check(header, mustHave)}</action></recv>""");

    /// <summary>Answers the first INVITE.</summary>
    public SippScenario Answers(int code, string tag, bool sdp = false, params string[] headers) =>
        Sends($"SIP/2.0 {code} X", ["Via:[$via]", "From:[$caller]", $"To:[$called];tag={tag}", "Call-ID: [call_id]", "CSeq:[$cseq]", Contact, .. headers], sdp, "sendrecv");

    /// <summary>Answers the request that came last.</summary>
    public SippScenario Replies(int code, bool sdp = false, params string[] headers) =>
        Sends($"SIP/2.0 {code} X", ["[last_Via:]", "[last_From:]", "[last_To:]", "[last_Call-ID:]", "[last_CSeq:]", Contact, .. headers], sdp, "sendrecv");

    /// <summary>A request of the phone's within the dialog.</summary>
    /// <param name="method">The method.</param>
    /// <param name="cseq">Its number.</param>
    /// <param name="tag">The tag that the phone answered with.</param>
    /// <param name="direction">The direction of its description; null for none.</param>
    /// <param name="headers">Further lines.</param>
    public SippScenario Requests(string method, int cseq, string tag, string? direction = null, params string[] headers) => Sends(
        $"{method} [$target] SIP/2.0",
        ["Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]", $"From:[$called];tag={tag}", "To:[$caller]", "Call-ID: [call_id]",
            string.Create(CultureInfo.InvariantCulture, $"CSeq: {cseq} {method}"), "Max-Forwards: 70", Contact, .. headers],
        direction is not null, direction ?? "");

    /// <summary>From now on its descriptions say that it takes audio there.</summary>
    public SippScenario HearsAt(IPEndPoint audio)
    {
        var family = audio.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? "IP6" : "IP4";
        (audioAddress, audioPort) = ($"{family} {audio.Address}", Text(audio.Port));
        return this;
    }

    /// <summary>From now on its descriptions hold these lines too, of the session and of the stream.</summary>
    public SippScenario Says(string ofSession, string ofStream)
    {
        (sessionLines, mediaLines) = (ofSession, ofStream);
        return this;
    }

    /// <summary>From now on its descriptions are parts of a body that brings ISUP too, as a gateway to the telephone network sends it.</summary>
    public SippScenario Mixes()
    {
        mixed = true;
        return this;
    }

    /// <summary>Waits until the test says so by <see cref="SippPhone.TellAsync"/>.</summary>
    public SippScenario Told() => Step("""<recv request="MESSAGE" crlf="true" />""");

    /// <summary>From now on its descriptions list these payload types; dynamic ones are told by <see cref="Says"/>.</summary>
    public SippScenario Speaks(string payloadTypes)
    {
        formats = payloadTypes;
        return this;
    }

    /// <summary>Waits.</summary>
    public SippScenario Pauses(int milliseconds) => Step($"""<pause milliseconds="{Text(milliseconds)}" />""");

    /// <summary>Is hung up on.</summary>
    public SippScenario HungUp(string? mustHave = null) => Receives("BYE", mustHave, "Reason:").Replies(200);

    /// <summary>The scenario as SIPp reads it.</summary>
    public override string ToString() => $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <scenario name="{name}">
        {steps}
        <Reference variables="{Kept},seen" />
        </scenario>
        """;

    const string Contact = "Contact: <sip:phone@[local_ip]:[local_port]>";

    SippScenario Sends(string startLine, string[] lines, bool sdp, string direction)
    {
        var body = sdp ? Body(Description(direction)) : "Content-Length: 0\n\n";
        return Step($"<send><![CDATA[\n{startLine}\n{string.Join('\n', lines)}\n{body}]]></send>");
    }

    string Description(string direction) => string.Join('\n', ((string[])
        ["v=0", "o=phone 1 1 IN IP4 [local_ip]", "s=-", $"c=IN {audioAddress}", "t=0 0", sessionLines, $"m=audio {audioPort} RTP/AVP {formats}", mediaLines, $"a={direction}"])
        .Where(line => line.Length > 0)) + "\n";

    string Body(string description) => mixed
        ? "MIME-Version: 1.0\nContent-Type: multipart/mixed;boundary=part\nContent-Length: [len]\n\n"
            + "--part\nContent-Type: application/ISUP;version=itu-t92+;base=itu-t92+\nContent-Disposition: signal;handling=optional\n\n\t\n"
            + $"--part\nContent-Type: application/sdp\n\n{description}--part--\n"
        : $"Content-Type: application/sdp\nContent-Length: [len]\n\n{description}";

    SippScenario Step(string xml)
    {
        steps.AppendLine(xml);
        return this;
    }

    static string Keep(string variable, string header, string pattern) =>
        $"""<ereg regexp="{pattern}" search_in="hdr" header="{header}" assign_to="{variable}" />""";

    static string Check(string header, string? text) =>
        text is null ? "" : $"""<ereg regexp="{text}" search_in="hdr" header="{header}" check_it="true" assign_to="seen" />""";

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
