using System.Text;
using OrleansCallback.Sip;
using Xunit;

namespace OrleansCallback.Tests.Sip;

public sealed class ParserTests
{
    static readonly byte[] Torture = Wire.Bytes(
        """
        INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0
        TO :
         sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n
        from   : "J Rosenberg \\\""       <sip:jdrosen@example.com>
          ;
          tag = 98asjd8
        MaX-fOrWaRdS: 0068
        Call-ID: wsinv.ndaksdj@192.0.2.1
        Content-Length   : 12
        cseq: 0009
          INVITE
        Via  : SIP  /   2.0
         /UDP
            192.0.2.2;branch=390skdjuw
        s :
        NewFangledHeader:   newfangled value
         continued newfangled value
        UnknownHeaderWithUnusualValue: ;;,,;;,;
        Content-Type: application/sdp
        Route:
         <sip:services.example.com;lr;unknownwith=value;unknown-no-value>
        v:  SIP  / 2.0  / TCP     spindle.example.com   ;
          branch  =   z9hG4bK9ikj8  ,
         SIP  /    2.0   / UDP  192.168.255.111   ; branch=
         z9hG4bK30239
        m:"Quoted string \"\"" <sip:jdrosen@example.com> ; newparam =
              newvalue ;
          secondparam ; q = 0.33

        v=0 and more
        """);

    [Fact]
    public void Folding_compact_names_odd_blanks_and_quotes_are_read()
    {
        var message = Wire.Parse(Torture);
        Assert.Equal(SipMethod.Invite, message.Method);
        Assert.Equal("1918181833n", message.To!.Tag);
        Assert.Equal("98asjd8", message.From!.Tag);
        Assert.Equal("J Rosenberg \\\"", message.From.DisplayName);
        Assert.Equal(9, message.CSeq!.Number);
        Assert.Equal("390skdjuw", message.TopVia!.Branch);
        var vias = new List<string>();
        foreach (var value in message.Values(HeaderId.Via)) vias.Add(Via.TryParse(value, out var via) ? via.SentBy.Host : "?");
        Assert.Equal(["192.0.2.2", "spindle.example.com", "192.168.255.111"], vias);
        Assert.StartsWith("newfangled value", message.Header("newfangledheader"), StringComparison.Ordinal);
        Assert.Equal("Quoted string \"\"", Assert.Single(message.Addresses(HeaderId.Contact)).DisplayName);
        Assert.Equal("v=0 and more", Encoding.UTF8.GetString(message.Body.Span));
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
        byte[][] real = [Torture, Wire.Request("INVITE", body: Wire.Sdp()), Wire.Response(Wire.Parse(Wire.Request("BYE")), 200, "t")];
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
