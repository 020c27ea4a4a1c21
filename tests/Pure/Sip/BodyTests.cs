using System.Text;
using OrleansCallback.Sip;
using Xunit;

namespace OrleansCallback.Tests.Sip;

/// <summary>Where the session description lies in a body, and what of a body may be passed over (RFC 5621, RFC 3261 section 20.11).</summary>
public sealed class BodyTests
{
    const string Key = "attempt-1";
    const string Contact = "Contact: <sip:phone@192.0.2.2>\n";
    static readonly string Sdp = Encoding.UTF8.GetString(Wire.Sdp(4444));
    static readonly string SdpPart = $"Content-Type: application/sdp\n\n{Sdp}";
    const string Isup = "Content-Type: application/ISUP;version=itu-t92+;base=itu-t92+\nContent-Disposition: signal;handling=optional\n\n\u0001\u0002\u0003";

    static string Mixed(params string[] parts) => $"{string.Concat(parts.Select(part => $"--b1\n{part}\n"))}--b1--\n";

    static SipMessage Message(string body, string headers) => Wire.Parse(Wire.Request("INVITE", headers: headers, body: Wire.Bytes(body)));

    [Theory]
    [InlineData("sdp,isup", "multipart/mixed;boundary=b1")]
    [InlineData("isup,sdp", "Multipart/Mixed; charset=x; Boundary=\"b1\"")]
    [InlineData("session,isup", "multipart/mixed;boundary=b1")]
    [InlineData("sdp,text", "multipart/alternative;boundary=b1")]
    [InlineData("text,sdp", "multipart/alternative;boundary=b1")]
    [InlineData("isup,nested", "multipart/mixed;boundary=b1")]
    public void The_description_is_found_among_the_parts(string parts, string type)
    {
        var body = Mixed([.. parts.Split(',').Select(name => name switch
        {
            "sdp" => SdpPart,
            "session" => $"Content-Disposition: session;handling=required\nContent-Type: application/sdp\nContent-Transfer-Encoding: binary\n\n{Sdp}",
            "nested" => $"Content-Type: multipart/related;\n boundary=b12\n\n--b12\n{SdpPart}\n--b12--",
            "text" => "Content-Type: text/plain\n\nhello",
            _ => Isup,
        })]);
        var message = Message($"preamble\n{body}epilogue", $"Content-Type: {type}\n");
        Assert.True(MediaTypes.IsUnderstood(message));
        Assert.Equal(Wire.Bytes(Sdp), MediaTypes.SdpOf(message).ToArray());
    }

    [Theory]
    [InlineData("Content-Type: text/plain\n\nhello")]
    [InlineData("Content-Type: application/ISUP;version=x\n\n\u0001")]
    [InlineData("Content-Type: application/sdp\nContent-Encoding: gzip\n\nx")]
    [InlineData("Content-Type: application/sdp\nContent-Transfer-Encoding: base64\n\neA==")]
    [InlineData("Content-Type: application/sdp\nContent-Disposition: early-session\n\nv=0")]
    [InlineData("no header line at all")]
    public void What_must_be_understood_and_is_not_is_told_and_the_rest_is_read_all_the_same(string part)
    {
        var message = Message(Mixed(part, SdpPart), "Content-Type: multipart/mixed;boundary=b1\n");
        Assert.False(MediaTypes.IsUnderstood(message));
        Assert.Equal(Wire.Bytes(Sdp), MediaTypes.SdpOf(message).ToArray());
    }

    [Theory]
    [InlineData("multipart/mixed", false)]
    [InlineData("multipart/mixed;boundary=\"\"", false)]
    [InlineData("multipart/mixed;boundary=other", false)]
    [InlineData("multipart/mixed;boundary=b1\nContent-Encoding: gzip", false)]
    [InlineData("application/ISUP\nContent-Disposition: signal;handling=optional", true)]
    [InlineData("application/ISUP\nContent-Disposition: signal;handling=required", false)]
    [InlineData("application/ISUP", false)]
    public void A_body_without_a_description_may_be_passed_over_only_if_it_says_so(string type, bool understood)
    {
        var message = Message(Mixed(SdpPart), $"Content-Type: {type}\n");
        Assert.Equal(understood, MediaTypes.IsUnderstood(message));
        Assert.True(MediaTypes.SdpOf(message).IsEmpty);
    }

    [Fact]
    public void A_body_that_is_cut_short_ends_its_last_part_and_the_first_description_counts()
    {
        var message = Message($"--b1\n{SdpPart}\n--b1\nContent-Type: application/sdp\n\nv=0\n--b1", "Content-Type: multipart/mixed;boundary=b1\n");
        Assert.Equal(Wire.Bytes(Sdp), MediaTypes.SdpOf(message).ToArray());
    }

    [Fact]
    public void Any_cut_of_a_body_and_any_depth_is_read_without_harm()
    {
        var deep = SdpPart;
        for (var i = 0; i < 20; i++) deep = $"Content-Type: multipart/mixed;boundary=d{i}\n\n--d{i}\n{deep}\n--d{i}--";
        var whole = Wire.Bytes(Mixed(SdpPart, deep, Isup));
        Assert.False(MediaTypes.IsUnderstood(Message(Mixed(deep), "Content-Type: multipart/mixed;boundary=b1\n")));
        for (var length = 1; length <= whole.Length; length++)
            _ = MediaTypes.SdpOf(Wire.Parse(Wire.Request("INVITE", headers: "Content-Type: multipart/mixed;boundary=b1\n", body: whole[..length])));
    }

    [Fact]
    public void A_200_with_a_description_and_ISUP_answers_our_offer()
    {
        var bench = new Bench();
        var invite = bench.Invite();
        bench.Send(Wire.Response(invite, 200, "b", $"{Contact}MIME-Version: 1.0\nContent-Type: multipart/mixed;boundary=b1\n", Wire.Bytes(Mixed(SdpPart, Isup))));
        Assert.Equal(Wire.Bytes(Sdp), bench.Event<Answered>().Sdp.ToArray());
    }

    [Theory]
    [InlineData("INVITE")]
    [InlineData("UPDATE")]
    public void A_change_of_the_peers_is_met_by_what_it_says_of_the_session(string method)
    {
        var bench = new Bench();
        var (invite, _) = bench.Establish();
        const string Type = "MIME-Version: 1.0\nContent-Type: multipart/mixed;boundary=b1\n";
        bench.Send(Wire.InDialog(invite, method, 1, Wire.Bytes(Mixed(Isup, SdpPart)), Type));
        Assert.Equal($"200 {method}", Assert.Single(bench.SentNames()));
        Assert.Equal(Wire.Bytes(Sdp), bench.Event<MediaChanged>().Sdp.ToArray());
        bench.Send(Wire.InDialog(invite, "ACK", 1));
        bench.Send(Wire.InDialog(invite, method, 2, Wire.Bytes(Mixed("Content-Type: text/plain\n\nx", SdpPart)), Type));
        var refusal = bench.SentOne();
        Assert.Equal((415, "application/sdp, multipart/mixed"), (refusal.StatusCode, refusal.Text(HeaderId.Accept)));
        Assert.Equal(CommandResult.Done, bench.Agent.Reinvite(Key, Wire.Audio(3100).Offer(), bench.Now));
    }

    [Fact]
    public void An_INVITE_to_us_may_bring_its_offer_among_other_bodies()
    {
        var bench = new Bench();
        bench.Send(Wire.Request("INVITE", headers: "Content-Type: multipart/mixed;boundary=b1\n", body: Wire.Bytes(Mixed(SdpPart, Isup))));
        Assert.Equal(Wire.Bytes(Sdp), bench.Event<IncomingCall>().Sdp.ToArray());
    }
}
