using System.Text;
using OrleansCallback.Sip;
using Xunit;

namespace OrleansCallback.Tests.Sip;

public sealed class ParserTests
{
    static readonly byte[] Tortuous = Wire.Bytes(Torture.ValidMessages.Tortuous);

    [Fact]
    public void Folding_compact_names_odd_blanks_and_quotes_are_read()
    {
        var message = Wire.Parse(Tortuous);
        Assert.Equal(SipMethod.Invite, message.Method);
        Assert.Equal("3", message.To!.Parameters["hall"]);
        Assert.Equal("5kk3", message.From!.Tag);
        Assert.Equal("The Baker \\\"", message.From.DisplayName);
        Assert.Equal(7, message.CSeq!.Number);
        Assert.Equal("oven77", message.TopVia!.Branch);
        var vias = new List<string>();
        foreach (var value in message.Values(HeaderId.Via)) vias.Add(Via.TryParse(value, out var via) ? via.SentBy.Host : "?");
        Assert.Equal(["192.0.2.2", "flour.mill.example", "192.0.2.77"], vias);
        Assert.StartsWith("two hundred", message.Header("oventemperature"), StringComparison.Ordinal);
        Assert.Equal("A \"quoted\" baker", Assert.Single(message.Addresses(HeaderId.Contact)).DisplayName);
        Assert.StartsWith("v=0", Encoding.UTF8.GetString(message.Body.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Via: SIP/2.0/UDP h;branch=z9hG4bKx", "Via: nonsense", ParseFailure.Via)]
    [InlineData("From: <sip:a@h>;tag=1", "From: <sip:a@h;tag=1", ParseFailure.From)]
    [InlineData("From: <sip:a@h>;tag=1", "X: y", ParseFailure.From)]
    [InlineData("To: <sip:b@h>", "To: \"open <sip:b@h>", ParseFailure.To)]
    [InlineData("To: <sip:b@h>", "To: <sip:b@h>\nt: <sip:c@h>", ParseFailure.To)]
    [InlineData("Call-ID: c", "Call-ID: ", ParseFailure.CallId)]
    [InlineData("CSeq: 1 OPTIONS", "CSeq: 4294967296 OPTIONS", ParseFailure.CSeq)]
    [InlineData("CSeq: 1 OPTIONS", "CSeq: 2147483648 OPTIONS", ParseFailure.CSeq)]
    [InlineData("CSeq: 1 OPTIONS", "CSeq: -1 OPTIONS", ParseFailure.CSeq)]
    [InlineData("CSeq: 1 OPTIONS", "CSeq: 1 INVITE", ParseFailure.CSeqMethod)]
    [InlineData("Content-Length: 0", "Content-Length: 5", ParseFailure.ContentLength)]
    [InlineData("Content-Length: 0", "Content-Length: -9", ParseFailure.ContentLength)]
    [InlineData("Content-Length: 0", "Content-Length: 0\nl: 1", ParseFailure.ContentLength)]
    [InlineData("Content-Length: 0", "no colon here", ParseFailure.HeaderLine)]
    [InlineData("Content-Length: 0", "Bad Name: x", ParseFailure.HeaderLine)]
    [InlineData("Content-Length: 0", "Max-Forwards: 256", ParseFailure.MaxForwards)]
    [InlineData("Content-Length: 0", "Contact: <sip:a", ParseFailure.Address)]
    [InlineData("OPTIONS sip:b@h SIP/2.0", "OPTIONS sip:b@h SIP/7.0", ParseFailure.Version)]
    [InlineData("OPTIONS sip:b@h SIP/2.0", "OPTIONS <sip:b@h> SIP/2.0", ParseFailure.RequestUri)]
    [InlineData("OPTIONS sip:b@h SIP/2.0", "OPTIONS sip:b@h; x SIP/2.0", ParseFailure.RequestUri)]
    [InlineData("OPTIONS sip:b@h SIP/2.0", "OPTIONS sip:b@h", ParseFailure.StartLine)]
    [InlineData("OPTIONS sip:b@h SIP/2.0", "SIP/2.0 99 Low", ParseFailure.StartLine)]
    [InlineData("OPTIONS sip:b@h SIP/2.0", "SIP/2.0 4294967301 OK", ParseFailure.StartLine)]
    public void A_fault_is_named(string good, string bad, ParseFailure expected)
    {
        const string Text = "OPTIONS sip:b@h SIP/2.0\nVia: SIP/2.0/UDP h;branch=z9hG4bKx\nFrom: <sip:a@h>;tag=1\nTo: <sip:b@h>\nCall-ID: c\n"
            + "CSeq: 1 OPTIONS\nContent-Length: 0\n\n";
        Assert.Equal(ParseFailure.None, SipParser.Parse(Wire.Bytes(Text)).Failure);
        Assert.Equal(expected, SipParser.Parse(Wire.Bytes(Text.Replace(good, bad, StringComparison.Ordinal))).Failure);
    }

    [Fact]
    public void A_body_is_cut_to_its_length_and_taken_whole_without_one()
    {
        var cut = Wire.Request("OPTIONS", body: Wire.Bytes("12345"));
        Assert.Equal(5, Wire.Parse([.. cut, .. "junk"u8]).Body.Length);
        var open = Encoding.UTF8.GetString(cut).Replace("Content-Length: 5\r\n", "", StringComparison.Ordinal);
        Assert.Equal(9, Wire.Parse(Encoding.UTF8.GetBytes(open + "junk")).Body.Length);
    }

    [Fact]
    public void Keep_alives_and_giants_are_no_messages()
    {
        Assert.Equal(ParseFailure.KeepAlive, SipParser.Parse("\r\n\r\n"u8).Failure);
        Assert.Equal(ParseFailure.KeepAlive, SipParser.Parse([0, 0, 0, 0]).Failure);
        Assert.Equal(ParseFailure.KeepAlive, SipParser.Parse([]).Failure);
        Assert.Equal(ParseFailure.TooLarge, SipParser.Parse(new byte[70_000]).Failure);
        var many = Wire.Request("OPTIONS", headers: string.Concat(Enumerable.Repeat("X: y\n", 300)));
        Assert.Equal(ParseFailure.TooManyHeaders, SipParser.Parse(many).Failure);
    }

    [Fact]
    public void Sixty_kilobytes_of_folds_take_no_time()
    {
        var text = Wire.Request("OPTIONS", headers: $"X: a{string.Concat(Enumerable.Repeat("\n b", 15_000))}\n");
        var clock = System.Diagnostics.Stopwatch.StartNew();
        for (var i = 0; i < 20; i++) Assert.Equal(ParseFailure.None, SipParser.Parse(text).Failure);
        Assert.True(clock.ElapsedMilliseconds < 2_000, $"{clock.ElapsedMilliseconds} ms");
    }

    [Fact]
    public void No_prefix_and_no_flipped_byte_of_a_real_message_throws()
    {
        byte[][] real = [Tortuous, Wire.Request("INVITE", body: Wire.Sdp()), Wire.Response(Wire.Parse(Wire.Request("BYE")), 200, "t")];
        foreach (var message in real)
        {
            for (var length = 0; length <= message.Length; length++) SipParser.Parse(message.AsSpan(0, length));
            for (var i = 0; i < message.Length; i++)
            {
                foreach (var wrong in (ReadOnlySpan<byte>)[0, (byte)'\n', (byte)'\r', (byte)'"', (byte)'<', (byte)';', (byte)':', (byte)' ', 0xff])
                {
                    var copy = message.ToArray();
                    copy[i] = wrong;
                    SipParser.Parse(copy);
                }
            }
        }
    }

    [Theory]
    [InlineData("sip:alice@example.com", "alice", "example.com", 0)]
    [InlineData("SIPS:a;x=1@[2001:db8::1]:5061;lr?h=v", "a;x=1", "[2001:db8::1]", 5061)]
    [InlineData("sip:example.com;transport=udp", "", "example.com", 0)]
    public void Uris_are_read(string text, string user, string host, int port)
    {
        Assert.True(SipUri.TryParse(text, out var uri));
        Assert.Equal((user, host, port), (uri.User, uri.HostPort.Host, uri.HostPort.Port));
        Assert.True(SipUri.TryParse(uri.ToString(), out var again));
        Assert.Equal(uri.ToString(), again.ToString());
    }

    [Theory]
    [InlineData("sip:")]
    [InlineData("sip:a@")]
    [InlineData("sip:@h")]
    [InlineData("sip:a@h:0")]
    [InlineData("sip:a@h:65536")]
    [InlineData("sip:a@[::g]")]
    [InlineData("tel:+43")]
    [InlineData("sip:a b@h")]
    public void Bad_uris_are_refused(string text) => Assert.False(SipUri.TryParse(text, out _));
}
