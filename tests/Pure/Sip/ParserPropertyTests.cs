using System.Buffers;
using CsCheck;
using OrleansCallback.Sip;
using Xunit;

namespace OrleansCallback.Tests.Sip;

public sealed class ParserPropertyTests
{
    static readonly Gen<string> Token = Gen.String[Gen.Char["abcdefghijklmnopqrstuvwxyz0123456789-.!%*_+"], 1, 12];
    static readonly Gen<string> Visible = Gen.String[Gen.Char[(char)0x21, (char)0x7e], 1, 20];
    static readonly Gen<string> Name = Gen.String[Gen.Char[(char)0x20, (char)0xfff], 0, 12];

    static readonly Gen<NameAddress> Address = Gen.Select(Name, Token, Token, Token, (name, user, host, tag) =>
        new NameAddress(name.Replace("\u007f", "", StringComparison.Ordinal), $"sip:{user}@h{host.Replace('!', '-').Replace('%', '-').Replace('*', '-').Replace('+', '-')}",
            SipParameters.None.With("tag", tag)));

    [Fact]
    public void What_is_written_is_read_again()
    {
        var gen = Gen.Select(Address, Address, Visible, Gen.Int[0, int.MaxValue], Token, Visible.Array[0, 5], Gen.Byte.Array[0, 300]);
        gen.Sample((from, to, callId, cseq, branch, extra, body) =>
        {
            var buffer = new ArrayBufferWriter<byte>();
            var writer = new SipWriter(buffer).RequestLine("INVITE", to.Uri)
                .Header(HeaderId.Via, $"SIP/2.0/UDP h:5060;branch={branch}")
                .Header(HeaderId.From, from.ToString()).Header(HeaderId.To, to.ToString())
                .Header(HeaderId.CallId, callId).Header(HeaderId.CSeq, $"{cseq} INVITE");
            foreach (var value in extra) writer.Header("X-Extra", value);
            writer.End(body, "application/octet-stream");
            var message = Wire.Parse(buffer.WrittenSpan.ToArray());
            Assert.Equal((from.Uri, from.Tag), (message.From!.Uri, message.From.Tag));
            Assert.Equal((to.DisplayName, to.Uri, to.Tag), (message.To!.DisplayName, message.To.Uri, message.To.Tag));
            Assert.Equal((callId, cseq, branch), (message.CallId, message.CSeq!.Number, message.TopVia!.Branch));
            Assert.Equal(body, message.Body.ToArray());
            Assert.Equal(extra.Length, Enumerable.Range(0, message.HeaderCount).Count(i => message.HeaderIdAt(i) == HeaderId.Other));
            var again = new ArrayBufferWriter<byte>();
            new SipWriter(again).Message(message);
            var second = new ArrayBufferWriter<byte>();
            new SipWriter(second).Message(Wire.Parse(again.WrittenSpan.ToArray()));
            Assert.Equal(again.WrittenSpan.ToArray(), second.WrittenSpan.ToArray());
        });
    }

    [Fact]
    public void Random_bytes_never_throw() =>
        Gen.Byte.Array[0, 400].Sample(bytes => SipParser.Parse(bytes).Failure != ParseFailure.None && !SessionDescription.TryParse(bytes, out _));

    [Fact]
    public void Shuffled_pieces_of_messages_never_throw_not_even_in_a_user_agent()
    {
        string[] pieces =
        [
            "INVITE ", "sip:a@h", " SIP/2.0\r\n", "SIP/2.0 200 OK\r\n", "Via: ", "SIP/2.0/UDP h", ";branch=z9hG4bKa", "\r\n", "From: ", "To: ", "<sip:a@h>",
            ";tag=1", "Call-ID: c\r\n", "CSeq: 1 INVITE\r\n", "CSeq: 1 BYE\r\n", "BYE ", "ACK ", "CANCEL ", "\"", "<", ">", ",", ";", "=", " ", "\r\n ",
            "Content-Length: 3\r\n", "Contact: *\r\n", "Require: x\r\n", "v=0\r\n", "m=audio 1 RTP/AVP 0\r\n", "c=IN IP4 1.2.3.4\r\n", "\r\n\r\n",
            "Via: SIP/2.0/UDP h;branch=z9hG4bKa\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:b@h>\r\nCall-ID: c\r\n",
        ];
        Gen.Int[0, pieces.Length - 1].Array[1, 25].Sample(parts =>
        {
            var bench = new Bench();
            bench.Send(System.Text.Encoding.UTF8.GetBytes(string.Concat(parts.Select(p => pieces[p]))));
            // Only a refusal of what could not be read may echo what cannot be read.
            while (bench.Agent.TryTransmit(out var transmit))
            {
                var (failure, sent) = SipParser.Parse(transmit.Bytes.Span);
                Assert.True(failure == ParseFailure.None || sent?.StatusCode is 400 or 505, $"{failure}: {System.Text.Encoding.UTF8.GetString(transmit.Bytes.Span)}");
            }
        });
    }

    [Fact]
    public void A_value_cannot_add_a_header_line()
    {
        var buffer = new ArrayBufferWriter<byte>();
        new SipWriter(buffer).RequestLine("OPTIONS", "sip:a@h").Header(HeaderId.Subject, "x\r\nEvil: yes").End();
        Assert.DoesNotContain("\nEvil", System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan), StringComparison.Ordinal);
    }
}
