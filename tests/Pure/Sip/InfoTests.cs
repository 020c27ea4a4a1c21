using System.Text;
using OrleansCallback.Sip;
using Xunit;

namespace OrleansCallback.Tests.Sip;

/// <summary>Keys that a phone tells by INFO, and all other INFO.</summary>
public sealed class InfoTests
{
    [Theory]
    [InlineData("application/dtmf-relay", "Signal=1\nDuration=160\n", '1')]
    [InlineData("application/dtmf-relay", "Signal= 5\nDuration= 160", '5')]
    [InlineData("application/dtmf-relay", "Duration=100\nsignal = #\n", '#')]
    [InlineData("Application/DTMF-Relay; charset=utf-8", "Signal=*", '*')]
    [InlineData("application/dtmf-relay", "Signal=10", '*')]
    [InlineData("application/dtmf-relay", "Signal=11\n", '#')]
    [InlineData("application/dtmf-relay", "Signal=d\n", 'D')]
    [InlineData("application/dtmf", "7", '7')]
    [InlineData("application/dtmf", " 0\n", '0')]
    [InlineData("application/dtmf", "11", '#')]
    [InlineData("application/dtmf", "12", 'A')]
    public void A_key_is_told_and_the_INFO_accepted(string type, string body, char key)
    {
        var bench = new Bench();
        var (invite, _) = bench.Establish();
        Info(bench, invite, 1, type, body);
        Assert.Equal(200, bench.SentOne().StatusCode);
        Assert.Equal(("attempt-1", key), (bench.Event<KeyPressed>() is var e ? (e.CallKey, e.Key) : default));
    }

    [Theory]
    [InlineData("application/dtmf-relay", "Duration=160\n")]
    [InlineData("application/dtmf-relay", "Signal=\n")]
    [InlineData("application/dtmf-relay", "Signal=x\n")]
    [InlineData("application/dtmf-relay", "Signal=16\n")]
    [InlineData("application/dtmf", "123")]
    [InlineData("application/dtmf", "9999999999999999999999")]
    [InlineData("application/dtmf", "\u00e9")]
    public void A_body_without_a_key_gets_400_and_presses_none(string type, string body)
    {
        var bench = new Bench();
        var (invite, _) = bench.Establish();
        Info(bench, invite, 1, type, body);
        Assert.Equal(400, bench.SentOne().StatusCode);
        Assert.Empty(bench.Events());
    }

    [Fact]
    public void An_INFO_without_a_body_only_asks_whether_we_are_there()
    {
        var bench = new Bench();
        var (invite, _) = bench.Establish();
        Info(bench, invite, 1, "application/dtmf", "");
        Assert.Equal(200, bench.SentOne().StatusCode);
        Assert.Empty(bench.Events());
    }

    [Fact]
    public void A_repeated_INFO_gets_the_same_answer_and_presses_once()
    {
        var bench = new Bench();
        var (invite, _) = bench.Establish();
        for (var n = 0; n < 3; n++) Info(bench, invite, 1, "application/dtmf", "1");
        Assert.Equal(["200 INFO", "200 INFO", "200 INFO"], bench.SentNames());
        Assert.Single(bench.Events());
        Info(bench, invite, 2, "application/dtmf", "1");
        Assert.Single(bench.Events());
    }

    [Fact]
    public void Another_body_gets_415_with_what_is_read_here()
    {
        var bench = new Bench();
        var (invite, _) = bench.Establish();
        Info(bench, invite, 1, "text/plain", "1");
        var refusal = bench.SentOne();
        Assert.Equal((415, "application/dtmf-relay, application/dtmf"), (refusal.StatusCode, refusal.Text(HeaderId.Accept)));
        bench.Send(Wire.InDialog(invite, "INFO", 2, Wire.Bytes("1"), "Content-Type: application/dtmf\nContent-Encoding: gzip\n"));
        Assert.Equal(415, bench.SentOne().StatusCode);
        Assert.Empty(bench.Events());
    }

    [Fact]
    public void A_package_gets_469_whatever_its_body()
    {
        var bench = new Bench();
        var (invite, _) = bench.Establish();
        bench.Send(Wire.InDialog(invite, "INFO", 1, Wire.Bytes("1"), "Info-Package: dtmf\nContent-Type: application/dtmf\n"));
        Assert.Equal(469, bench.SentOne().StatusCode);
        Assert.Empty(bench.Events());
    }

    [Fact]
    public void An_INFO_outside_of_any_dialog_or_after_its_end_gets_481()
    {
        var bench = new Bench();
        var (invite, _) = bench.Establish();
        bench.Send(Wire.Request("INFO", toTag: "nobody", branch: "z9hG4bK-x", headers: "Content-Type: application/dtmf\n", body: "1"u8.ToArray()));
        Assert.Equal(481, bench.SentOne().StatusCode);
        bench.Agent.HangUp("attempt-1", HangUpReason.Normal, bench.Now);
        bench.Sent();
        bench.Events();
        Info(bench, invite, 1, "application/dtmf", "1");
        Assert.Equal(481, bench.SentOne().StatusCode);
        Assert.Empty(bench.Events());
    }

    static void Info(Bench bench, SipMessage invite, int cseq, string type, string body) =>
        bench.Send(Wire.InDialog(invite, "INFO", cseq, Encoding.UTF8.GetBytes(body.ReplaceLineEndings("\r\n")), $"Content-Type: {type}\n"));
}
