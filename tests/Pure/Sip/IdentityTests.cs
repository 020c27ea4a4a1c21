using System.Net;
using OrleansCallback.Sip;
using Xunit;

namespace OrleansCallback.Tests.Sip;

/// <summary>Asserted identities (RFC 3325), privacy (RFC 3323), and header lines that pass through.</summary>
public sealed class IdentityTests
{
    [Theory]
    [InlineData("192.0.2.2", 2)]
    [InlineData("192.0.2.99", 0)]
    public void An_asserted_identity_is_believed_of_those_we_trust_alone(string source, int expected)
    {
        var bench = new Bench(Bench.Options with { TrustsIdentityOf = address => address.Equals(Wire.Peer.Address) });
        bench.Send(
            Wire.Request("INVITE", headers: "P-Asserted-Identity: \"A\" <sip:+431@x>, <tel:+431>\n", body: Wire.Sdp()), new IPEndPoint(IPAddress.Parse(source), 5060));
        var identities = bench.Event<IncomingCall>().AssertedIdentities;
        Assert.Equal(expected, identities.Count);
        if (expected > 0) Assert.Equal(("A", "sip:+431@x"), (identities[0].DisplayName, identities[0].Uri));
    }

    [Fact]
    public void By_default_nobody_is_trusted()
    {
        var bench = new Bench();
        bench.Send(Wire.Request("INVITE", headers: "P-Asserted-Identity: <sip:+431@x>\n", body: Wire.Sdp()));
        Assert.Empty(bench.Event<IncomingCall>().AssertedIdentities);
    }

    [Fact]
    public void Lines_about_forwarding_pass_over_as_they_came()
    {
        var came = Wire.Parse(Wire.Request("INVITE", headers:
            "Diversion: \"x, y\" <sip:a@b>;reason=user-busy;counter=1\nSubject: no\nhistory-info: <sip:a@b?Reason=SIP%3Bcause%3D302>;index=1, <sip:c@d>;index=1.1\n"
            + "DIVERSION: <sip:e@f>\n",
            body: Wire.Sdp()));
        var lines = ExtraHeader.Of(came, ExtraHeader.OfForwarding);
        Assert.Equal(3, lines.Count);
        var bench = new Bench();
        bench.Agent.Invite(Bench.Attempt() with { ExtraHeaders = lines, Privacy = "id;critical" }, Wire.Audio().Offer(), null, bench.Now);
        var goes = bench.SentOne();
        Assert.Equal(lines, ExtraHeader.Of(goes, ExtraHeader.OfForwarding));
        Assert.Equal("id;critical", goes.Text(HeaderId.Privacy));
    }

    [Theory]
    [InlineData("Diversion", true)]
    [InlineData("X-Carrier", true)]
    [InlineData("P-Charging-Vector", true)]
    [InlineData("Via", false)]
    [InlineData("v", false)]
    [InlineData("l", false)]
    [InlineData("contact", false)]
    [InlineData("Bad Name", false)]
    [InlineData("Evil: x\r\nVia", false)]
    [InlineData("", false)]
    public void A_line_may_not_be_one_that_the_user_agent_writes_itself(string name, bool allowed)
    {
        var bench = new Bench();
        var attempt = Bench.Attempt() with { ExtraHeaders = [new ExtraHeader(name, "x\r\nEvil: y")] };
        Assert.Equal(allowed, attempt.ExtraHeaders[0].IsAllowed);
        if (!allowed) Assert.Throws<ArgumentException>(() => bench.Agent.Invite(attempt, default, null, bench.Now));
        else
        {
            bench.Agent.Invite(attempt, default, null, bench.Now);
            Assert.Null(bench.SentOne().Header("Evil"));
        }
    }
}
