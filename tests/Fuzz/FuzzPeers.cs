using System.Globalization;
using System.Text;
using OrleansCallback.Sip;

namespace OrleansCallback.Fuzz;

/// <summary>The peers of an agent: they remember what it sent, and say what real ones would.</summary>
sealed class FuzzPeers(Random random, byte[] sdp)
{
    const int MostKnown = 64;
    static readonly int[] Codes = [100, 180, 183, 200, 200, 200, 202, 302, 401, 407, 408, 422, 423, 481, 486, 491, 500, 503, 603, 699];

    readonly List<(SipMessage Message, Hop To)> known = [];

    /// <summary>What the agent sent.</summary>
    public void Hear(SipMessage message, Hop to)
    {
        if (known.Count < MostKnown) known.Add((message, to));
        else known[random.Next(MostKnown)] = (message, to);
    }

    /// <summary>A response as a real peer would send it to a request that it got; null while there was none.</summary>
    public (byte[] Text, Hop From)? Answer()
    {
        if (known.Where(m => m.Message.IsRequest && m.Message.Method != SipMethod.Ack).ToList() is not { Count: > 0 } requests) return null;
        var (request, to) = requests[random.Next(requests.Count)];
        var code = Codes[random.Next(Codes.Length)];
        var tag = request.To!.Tag.Length == 0 && code > 100 ? $";tag=peer{random.Next(2)}" : "";
        var body = request.Method == SipMethod.Invite && code is 183 or 200 && random.Next(6) > 0 ? Encoding.ASCII.GetString(sdp) : "";
        var text = $"SIP/2.0 {code} X\nVia: {Text(request, HeaderId.Via)}\nFrom: {Text(request, HeaderId.From)}\nTo: {Text(request, HeaderId.To)}{tag}\n"
            + $"Call-ID: {request.CallId}\nCSeq: {Text(request, HeaderId.CSeq)}\nContact: {Contact(request)}\n{Extra(request, code)}Content-Type: application/sdp\n"
            + $"Content-Length: {body.Length}\n\n";
        return (Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n") + body), to with { Connection = to.IsReliable ? 1 + random.Next(2) : 0 });
    }

    /// <summary>Fills in {call}, {us}, {peer}, {branch}, {cseq} and {method} from a message that the agent has sent, and a real phone's credentials.</summary>
    public byte[] Filled(byte[] input, string authorization)
    {
        if (known.Count == 0 || !input.AsSpan().Contains((byte)'{')) return input;
        var message = known[random.Next(known.Count)].Message;
        var (us, peer) = message.IsRequest ? (message.From!.Tag, message.To!.Tag) : (message.To!.Tag, message.From!.Tag);
        // Latin-1 keeps every byte.
        var text = new StringBuilder(Encoding.Latin1.GetString(input))
            .Replace("{call}", message.CallId).Replace("{us}", us).Replace("{peer}", peer.Length > 0 ? peer : "peer0")
            .Replace("{branch}", message.TopVia!.Branch).Replace("{method}", message.MethodName).Replace("{authorization}", authorization)
            .Replace("{cseq}", (message.CSeq!.Number + random.Next(3) - 1).ToString(CultureInfo.InvariantCulture));
        return Encoding.Latin1.GetBytes(text.ToString());
    }

    string Contact(SipMessage request) => request.Method == SipMethod.Register
        ? $"{Text(request, HeaderId.Contact)};expires={random.Next(200)}"
        : random.Next(8) switch { 0 => "<sip:peer@desk.test>", 1 => "<sip:peer@192.0.2.2;transport=tcp>", _ => "<sip:peer@192.0.2.2>" };

    string Extra(SipMessage request, int code) => code switch
    {
        180 or 183 when random.Next(2) == 0 => $"Require: 100rel\nRSeq: {1 + random.Next(3)}\n",
        401 => $"WWW-Authenticate: Digest realm=\"r\",nonce=\"n{random.Next(3)}\",qop=\"auth-int,auth\",stale={(random.Next(2) == 0 ? "true" : "false")}\n",
        407 => "Proxy-Authenticate: Digest realm=\"p\",nonce=\"n\",algorithm=SHA-256\nProxy-Authenticate: Digest realm=\"p\",nonce=\"n\",algorithm=MD5\n",
        422 => "Min-SE: 200\n",
        423 => $"Min-Expires: {random.Next(2_000)}\n",
        503 => "Retry-After: 2\n",
        200 when request.Method == SipMethod.Register => "Service-Route: <sip:edge.test;lr>\nPath: <sip:192.0.2.2;lr>\n",
        200 when random.Next(2) == 0 => "Session-Expires: 120;refresher=uac\nRequire: timer\nAllow: INVITE, UPDATE\n",
        _ => "",
    };

    static string Text(SipMessage message, HeaderId id) => Encoding.UTF8.GetString(message.Header(id));
}
