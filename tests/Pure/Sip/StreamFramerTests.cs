using CsCheck;
using OrleansCallback.Sip;
using Xunit;

namespace OrleansCallback.Tests.Sip;

/// <summary>RFC 3261 section 18.3 and RFC 5626 section 4.4.1: a stream is cut into the same messages however the network cut it.</summary>
public sealed class StreamFramerTests
{
    static readonly byte[] Sdp = Wire.Sdp();

    static readonly byte[][] Messages =
    [
        Wire.Request("INVITE", body: Sdp),
        Wire.Request("OPTIONS"),
        Wire.Response(Wire.Parse(Wire.Request("INVITE", body: Sdp)), 200, "t", "Contact: <sip:a@192.0.2.2;transport=tcp>\n", Sdp),
        Wire.Bytes("BYE sip:a@192.0.2.1 SIP/2.0\nv: SIP/2.0/TCP 192.0.2.2;branch=z9hG4bK2\nf: <sip:a@b>;tag=1\nt: <sip:c@d>;tag=2\ni: x\nCSeq: 2 BYE\nl : \n 4\n\nbody"),
        [.. Wire.Bytes("MESSAGE sip:a@192.0.2.1 SIP/2.0\nContent-Length:3\nContent-Length: 3\n\n"), .. "\r\n\r"u8],
    ];

    static (List<byte[]> Messages, int Pings, FrameFault Fault) Cut(IEnumerable<byte[]> pieces)
    {
        var framer = new StreamFramer();
        var messages = new List<byte[]>();
        var pings = 0;
        foreach (var piece in pieces)
        {
            framer.Append(piece);
            FrameKind kind;
            while ((kind = framer.Next(out var frame)) is FrameKind.Message or FrameKind.Ping)
            {
                if (kind == FrameKind.Message) messages.Add(frame.ToArray());
                else pings++;
            }
        }
        return (messages, pings, framer.Fault);
    }

    static IEnumerable<byte[]> At(byte[] bytes, params int[] cuts)
    {
        var from = 0;
        foreach (var cut in cuts.Append(bytes.Length))
        {
            yield return bytes[from..cut];
            from = cut;
        }
    }

    [Fact]
    public void Every_cut_of_every_message_gives_the_message()
    {
        foreach (var message in Messages)
        {
            for (var cut = 0; cut <= message.Length; cut++) Assert.Equal([message], Cut(At(message, cut)).Messages);
        }
    }

    [Fact]
    public void Every_prefix_waits_and_holds_no_fault()
    {
        foreach (var message in Messages)
        {
            for (var length = 0; length < message.Length; length++)
            {
                var (found, pings, fault) = Cut([message[..length]]);
                Assert.Equal((0, 0, FrameFault.None), (found.Count, pings, fault));
            }
        }
    }

    [Fact]
    public void Byte_by_byte_gives_all_messages_and_pings() =>
        Assert.Equal(Messages, Cut(Messages.SelectMany(m => (byte[])[.. "\r\n"u8, .. m]).Chunk(1)).Messages);

    [Fact]
    public void Random_cuts_of_random_streams_give_what_was_written() =>
        Gen.Select(Gen.Int[-2, Messages.Length - 1].Array[1, 30], Gen.Int[1, 700].Array[1, 60]).Sample((choices, sizes) =>
        {
            // -1: one CRLF, which means nothing before a message; -2: a ping.
            var normal = choices.Where((c, i) => c != -1 || (i + 1 < choices.Length && choices[i + 1] >= 0)).ToArray();
            var stream = normal.SelectMany(c => c >= 0 ? Messages[c] : c == -1 ? "\r\n"u8.ToArray() : "\r\n\r\n"u8.ToArray()).ToArray();
            var (messages, pings, fault) = Cut(Pieces(stream, sizes));
            Assert.Equal(normal.Where(c => c >= 0).Select(c => Messages[c]), messages);
            Assert.Equal((normal.Count(c => c == -2), FrameFault.None), (pings, fault));
        });

    static IEnumerable<byte[]> Pieces(byte[] stream, int[] sizes)
    {
        for (int from = 0, i = 0; from < stream.Length; i++)
        {
            var size = Math.Min(sizes[i % sizes.Length], stream.Length - from);
            yield return stream[from..(from + size)];
            from += size;
        }
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\n")]
    [InlineData("\u0016\u0003\u0001")]
    [InlineData("hello\n")]
    [InlineData(":\n")]
    [InlineData("\r\rx")]
    public void Other_protocols_are_told_apart_at_once(string text) => Assert.Equal(FrameFault.Garbage, Cut([System.Text.Encoding.Latin1.GetBytes(text)]).Fault);

    [Theory]
    [InlineData("", FrameFault.NoContentLength)]
    [InlineData("Content-Length: \n", FrameFault.ContentLength)]
    [InlineData("Content-Length: -1\n", FrameFault.ContentLength)]
    [InlineData("Content-Length: 1\nl: 2\n", FrameFault.ContentLength)]
    [InlineData("Content-Length: 99999999999999999999\n", FrameFault.ContentLength)]
    [InlineData("Content-Length: 65535\n", FrameFault.TooLarge)]
    public void A_message_without_a_usable_length_ends_the_stream(string header, FrameFault fault)
    {
        var framer = new StreamFramer();
        framer.Append(Wire.Bytes($"OPTIONS sip:a@b SIP/2.0\nCSeq: 1 OPTIONS\n{header}\n"));
        Assert.Equal(FrameKind.Fault, framer.Next(out var head));
        Assert.Equal(fault, framer.Fault);
        Assert.StartsWith("OPTIONS", System.Text.Encoding.UTF8.GetString(head));
        framer.Append(Messages[0]);
        Assert.Equal(FrameKind.Fault, framer.Next(out _));
    }

    [Fact]
    public void Endless_headers_end_the_stream()
    {
        var line = Wire.Bytes("X-Long: " + new string('a', 1_000) + "\n");
        var (_, _, fault) = Cut(Enumerable.Repeat(line, 40).Prepend(Wire.Bytes("OPTIONS sip:a@b SIP/2.0\n")));
        Assert.Equal(FrameFault.HeadTooLarge, fault);
        (_, _, fault) = Cut(Enumerable.Repeat("aaaaaaaaaaaaaaaa"u8.ToArray(), 2_100));
        Assert.Equal(FrameFault.HeadTooLarge, fault);
    }

    [Fact]
    public void Any_bytes_at_all_give_messages_or_a_fault_and_never_throw() =>
        Gen.Select(Gen.Byte.Array[0, 300], Gen.Int[0, 4], Gen.Int[0, 200]).Sample((noise, index, at) =>
        {
            var message = Messages[index];
            at = Math.Min(at, message.Length);
            var framer = new StreamFramer();
            framer.Append([.. message[..at], .. noise, .. message[at..]]);
            for (var i = 0; i < 2_000 && framer.Next(out _) is FrameKind.Message or FrameKind.Ping; i++) { }
            Assert.InRange(framer.Buffered, 0, SipParser.MaxMessageBytes);
        });
}
