using System.Text;

namespace OrleansCallback.Fuzz;

/// <summary>Changes inputs, blindly and with what SIP and SDP are made of.</summary>
sealed class Mutator(Random random)
{
    const int LongestInput = 8_192;

    static readonly byte[][] Words =
    [
        .. new[]
        {
            "\r\n", "\r\n\r\n", "\n", "\r", "\r\n ", "\r\n\t", " ", "\t", "\0", "\"", "\\", "\\\"", "<", ">", "<>", ";", ";;", ",", ",,", ":", "=", "?", "&", "@", "%", "%00",
            "*", "/", "[", "]", "[::1]", "[::ffff:192.0.2.1]", "[::", "2001:db8::1", "-1", "0", "00", "1", "255", "256", "65535", "65536", "2147483647",
            "2147483648", "4294967295", "4294967296", "18446744073709551616", "99999999999999999999999999", "sip:", "sips:", "tel:", "SIP/2.0", "SIP/2.0/UDP ", "SIP/2.0/TLS ",
            "z9hG4bK", ";tag=", ";tag=\"\"", ";branch=z9hG4bK", ";rport", ";rport=1", ";received=", ";lr", ";transport=tcp", ";maddr=192.0.2.1", "INVITE", "ACK", "BYE", "CANCEL",
            "OPTIONS", "REGISTER", "PRACK", "UPDATE", "INFO", "NOTIFY", "MESSAGE", "Via: ", "v: ", "From: ", "To: ", "Call-ID: ", "i: ", "CSeq: ",
            "Contact: ", "m: ", "Contact: *",
            "Route: ", "Record-Route: ", "Max-Forwards: ", "Content-Length: ", "l: ", "Content-Type: ", "Require: 100rel\r\n", "Supported: timer\r\n", "RSeq: 1\r\n",
            "RAck: 1 1 INVITE\r\n", "Session-Expires: 90;refresher=uas\r\n", "Min-SE: 90\r\n", "Retry-After: 0\r\n", "Reason: Q.850;cause=16\r\n", "Expires: 0\r\n",
            "WWW-Authenticate: Digest realm=\"a\",nonce=\"b\"\r\n", "Proxy-Authenticate: Digest realm=\"a\",nonce=\"b\",qop=\"auth\",algorithm=SHA-256\r\n",
            "v=0\r\n", "o=- 1 1 IN IP4 192.0.2.2\r\n", "s=-\r\n", "c=IN IP4 0.0.0.0\r\n", "c=IN IP6 ::1\r\n", "t=0 0\r\n",
            "m=audio 0 RTP/AVP 0\r\n", "m=audio 4000/2 RTP/AVP 0 8 101\r\n",
            "m=video 5000 RTP/SAVPF 96\r\n", "a=rtpmap:101 telephone-event/8000\r\n", "a=sendonly\r\n", "a=inactive\r\n", "a=ptime:20\r\n",
            "a=rtcp-mux\r\n", "a=fmtp:101 0-16\r\n", "é", "\u00ff",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    /// <summary>An input of the pool, changed one to eight times.</summary>
    public byte[] Mutate(List<byte[]> pool)
    {
        var input = new List<byte>(pool[random.Next(pool.Count)]);
        for (var changes = 1 + random.Next(8); changes > 0; changes--) Change(input, pool);
        if (input.Count > LongestInput) input.RemoveRange(LongestInput, input.Count - LongestInput);
        return [.. input];
    }

    void Change(List<byte> input, List<byte[]> pool)
    {
        var at = random.Next(input.Count + 1);
        var length = Math.Min(1 + random.Next(1 << random.Next(8)), input.Count - at);
        switch (random.Next(10))
        {
            case 0 when at < input.Count: input[at] ^= (byte)(1 << random.Next(8)); break;
            case 1 when at < input.Count: input[at] = (byte)random.Next(256); break;
            case 2 or 3: input.InsertRange(at, Words[random.Next(Words.Length)]); break;
            case 4: Overwrite(input, at, Words[random.Next(Words.Length)]); break;
            case 5: input.RemoveRange(at, length); break;
            case 6: input.InsertRange(random.Next(input.Count + 1), input.GetRange(at, length)); break;
            case 7: Line(input); break;
            case 8: Splice(input, at, pool[random.Next(pool.Count)]); break;
            case 9 when random.Next(4) == 0: input.RemoveRange(at, input.Count - at); break;
            default: break;
        }
    }

    static void Overwrite(List<byte> input, int at, byte[] word)
    {
        for (var i = 0; i < word.Length && at + i < input.Count; i++) input[at + i] = word[i];
    }

    /// <summary>Takes a line out, and puts it elsewhere once, twice or not at all.</summary>
    void Line(List<byte> input)
    {
        var starts = new List<int> { 0 };
        for (var i = 0; i < input.Count - 1; i++)
        {
            if (input[i] == '\n') starts.Add(i + 1);
        }

        var line = random.Next(starts.Count);
        var end = line + 1 < starts.Count ? starts[line + 1] : input.Count;
        var text = input.GetRange(starts[line], end - starts[line]);
        if (random.Next(2) == 0) input.RemoveRange(starts[line], text.Count);
        for (var copies = random.Next(3); copies > 0; copies--)
        {
            var at = starts[random.Next(starts.Count)];
            if (at <= input.Count) input.InsertRange(at, text);
        }
    }

    void Splice(List<byte> input, int at, byte[] other)
    {
        var from = random.Next(other.Length + 1);
        input.RemoveRange(at, input.Count - at);
        input.AddRange(other[from..]);
    }
}
