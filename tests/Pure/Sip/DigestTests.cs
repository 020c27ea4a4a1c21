using OrleansCallback.Sip;
using Xunit;

namespace OrleansCallback.Tests.Sip;

public sealed class DigestTests
{
    /// <summary>RFC 7616 section 3.9.1.</summary>
    [Theory]
    [InlineData("MD5", "8ca523f5e9506fed4657c9700eebdbec")]
    [InlineData("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")]
    public void Rfc_7616_vectors(string algorithm, string expected)
    {
        var challenge = Challenge(
            $"Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm={algorithm}, "
            + "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"");
        Assert.Equal(expected, DigestResponse.Compute(
            challenge, new Credentials("Mufasa", "Circle of Life"), new DigestSubject("GET", "/dir/index.html", default), 1, "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"));
    }

    /// <summary>RFC 2617 section 3.5, and the same without qop, as an RFC 2069 server asks.</summary>
    [Theory]
    [InlineData(", qop=\"auth\"", "6629fae49393a05397450978507c4ef1")]
    [InlineData("", "670fd8c2df070c60b045671b8b24ff02")]
    public void Rfc_2617_vectors(string qop, string expected)
    {
        var challenge = Challenge($"Digest realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"{qop}");
        Assert.Equal(expected, DigestResponse.Compute(challenge, new Credentials("Mufasa", "Circle Of Life"), new DigestSubject("GET", "/dir/index.html", default), 1, "0a4f113b"));
    }

    /// <summary>"abc" is FIPS 180-4's example; the rest, at the edges of its blocks, was computed by OpenSSL.</summary>
    [Theory]
    [InlineData("abc", 1, "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23")]
    [InlineData("a", 0, "c672b8d1ef56ed28ab87c3622c5114069bdd3ad7b8f9737498d0c01ecef0967a")]
    [InlineData("a", 111, "0239e429f98d0ed61ee8e2a7c30afe98c1c3a80ce5dff62a107e9c538f7632ce")]
    [InlineData("a", 112, "9216b5303edb66504570bee90e48ea5beaa5e9fe9f760bbd3e0460559fc005f6")]
    [InlineData("a", 128, "b88f97e274f9c1d49f181c8cbd01a9c74930ad055a46ac4499a1d601f1c80bf2")]
    [InlineData("a", 1000, "40eb4a70d4d69815407a9e272f0101cd67e3d11262a4a0bfc087712749c7fb53")]
    public void Sha_512_256_vectors(string text, int times, string expected) =>
        Assert.Equal(expected, DigestAlgorithm.Sha512Of256.Hex(string.Concat(Enumerable.Repeat(text, times))));

    [Fact]
    public void Integrity_alone_is_answered_over_the_body()
    {
        var bench = new Bench();
        var first = bench.Invite(new Credentials("bob", "secret"));
        bench.Send(Wire.Response(first, 401, "p", "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth-int\", algorithm=SHA-256\n"));
        var value = bench.Sent()[1].Text(HeaderId.Authorization);
        Assert.Contains("qop=auth-int, nc=00000001", value, StringComparison.Ordinal);
        string Of(string name) => value.Split($"{name}=\"")[1].Split('"')[0];
        string Hash(string text) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
        var body = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(first.Body.Span));
        Assert.Equal(Hash($"{Hash("bob:r:secret")}:n:00000001:{Of("cnonce")}:auth-int:{Hash($"INVITE:sip:+43222@192.0.2.2:{body}")}"), Of("response"));
    }

    [Fact]
    public void Proxy_and_server_may_ask_in_one_response()
    {
        var bench = new Bench();
        bench.Send(Wire.Response(bench.Invite(new Credentials("bob", "s")), 407, "p",
            "Proxy-Authenticate: Digest realm=\"p1\", nonce=\"1\", qop=\"auth\"\nProxy-Authenticate: Digest realm=\"p2\", nonce=\"2\", qop=\"auth\"\n"
            + "WWW-Authenticate: Digest realm=\"s\", nonce=\"3\", qop=\"auth\"\n"));
        var again = bench.Sent()[1];
        Assert.Contains("nonce=\"3\"", again.Text(HeaderId.Authorization), StringComparison.Ordinal);
        var proxies = Enumerable.Range(0, again.HeaderCount).Where(i => again.HeaderIdAt(i) == HeaderId.ProxyAuthorization)
            .Select(i => System.Text.Encoding.UTF8.GetString(again.HeaderValueAt(i)));
        Assert.Equal([true, true], proxies.Zip((string[])["p1", "p2"], (line, realm) => line.Contains($"realm=\"{realm}\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_next_nonce_of_a_2xx_is_used_and_counts_from_1()
    {
        var bench = new Bench();
        bench.Send(Wire.Response(bench.Invite(new Credentials("bob", "s")), 401, "p", "WWW-Authenticate: Digest realm=\"r\", nonce=\"1\", qop=\"auth\"\n"));
        bench.Send(Wire.Response(bench.Sent()[1], 200, "b", "Contact: <sip:b@192.0.2.2>\nAuthentication-Info: nextnonce=\"2\", qop=auth\n", Wire.Sdp()));
        bench.Agent.Acknowledge("attempt-1", bench.Now);
        bench.Agent.HangUp("attempt-1", HangUpReason.Normal, bench.Now);
        var sent = bench.Sent();
        Assert.Contains("nonce=\"1\"", sent[0].Text(HeaderId.Authorization), StringComparison.Ordinal); // the ACK repeats the INVITE's
        Assert.Contains("nonce=\"2\"", sent[1].Text(HeaderId.Authorization), StringComparison.Ordinal);
        Assert.Contains("nc=00000001", sent[1].Text(HeaderId.Authorization), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2", true)]
    [InlineData("1", false)]
    public void A_stale_nonce_is_replaced_once_and_only_by_another(string second, bool again)
    {
        var bench = new Bench();
        bench.Send(Wire.Response(bench.Invite(new Credentials("bob", "s")), 401, "p", "WWW-Authenticate: Digest realm=\"r\", nonce=\"1\"\n"));
        bench.Send(Wire.Response(bench.Sent()[1], 401, "p", $"WWW-Authenticate: Digest realm=\"r\", nonce=\"{second}\", stale=true\n"));
        var sent = bench.Sent();
        Assert.Equal(again, sent.Count == 2);
        if (again) bench.Send(Wire.Response(sent[1], 401, "p", "WWW-Authenticate: Digest realm=\"r\", nonce=\"3\", stale=true\n"));
        Assert.Equal(401, bench.Event<Refused>().Code);
    }

    [Fact]
    public void A_challenge_makes_another_try_with_its_own_branch_and_cseq()
    {
        var bench = new Bench();
        var first = bench.Invite(new Credentials("bob", "secret"));
        bench.Send(Wire.Response(first, 407, "p", "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n1\", qop=\"auth\", algorithm=MD5\n"));
        var sent = bench.Sent();
        Assert.Equal(["ACK", "INVITE"], sent.Select(m => m.MethodName));
        var second = sent[1];
        Assert.Equal(2, second.CSeq!.Number);
        Assert.Equal(Bench.Attempt().NextTry().Branch(), second.TopVia!.Branch);
        Assert.Equal((first.CallId, first.From!.Tag), (second.CallId, second.From!.Tag));
        var credentials = second.Text(HeaderId.ProxyAuthorization);
        Assert.Contains("username=\"bob\", realm=\"r\", nonce=\"n1\", uri=\"sip:+43222@192.0.2.2\"", credentials, StringComparison.Ordinal);
        Assert.Contains("qop=auth, nc=00000001, cnonce=\"", credentials, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", credentials, StringComparison.Ordinal);
        Assert.Empty(bench.Events());
    }

    [Fact]
    public void The_strongest_supported_challenge_is_answered()
    {
        var bench = new Bench();
        bench.Send(Wire.Response(bench.Invite(new Credentials("bob", "s")), 401, "p",
            "WWW-Authenticate: Digest realm=\"r\", nonce=\"a\", algorithm=MD5, qop=\"auth\"\n"
            + "WWW-Authenticate: Digest realm=\"r\", nonce=\"b\", algorithm=SHA-3, qop=\"auth\"\n"
            + "WWW-Authenticate: Basic realm=\"r\", Digest realm=\"r\", nonce=\"c\", algorithm=SHA-256, qop=\"auth\"\n"));
        Assert.Contains("nonce=\"c\"", bench.Sent()[1].Text(HeaderId.Authorization), StringComparison.Ordinal);
    }

    [Fact]
    public void A_repeated_challenge_ends_the_call_and_a_stale_one_does_not()
    {
        var bench = new Bench();
        var invite = bench.Invite(new Credentials("bob", "s"));
        bench.Send(Wire.Response(invite, 401, "p", "WWW-Authenticate: Digest realm=\"r\", nonce=\"1\"\n"));
        invite = bench.Sent()[1];
        bench.Send(Wire.Response(invite, 401, "p", "WWW-Authenticate: Digest realm=\"r\", nonce=\"2\", stale=true\n"));
        invite = bench.Sent()[1];
        Assert.Contains("nonce=\"2\"", invite.Text(HeaderId.Authorization), StringComparison.Ordinal);
        bench.Send(Wire.Response(invite, 401, "p", "WWW-Authenticate: Digest realm=\"r\", nonce=\"3\"\n"));
        Assert.Equal(401, bench.Event<Refused>().Code);
        bench.AssertEmpties();
    }

    [Fact]
    public void Endless_staleness_ends_the_call_too()
    {
        var bench = new Bench();
        var invite = bench.Invite(new Credentials("bob", "s"));
        for (var i = 0; i < 20; i++)
        {
            bench.Send(Wire.Response(invite, 401, "p", $"WWW-Authenticate: Digest realm=\"r\", nonce=\"{i}\", stale=true\n"));
            invite = bench.Sent()[^1];
            if (invite.Method == SipMethod.Ack) break;
        }
        Assert.Equal(401, bench.Event<Refused>().Code);
    }

    [Fact]
    public void Proxy_and_phone_may_both_ask_and_the_nonce_count_goes_up()
    {
        var bench = new Bench();
        bench.Send(Wire.Response(bench.Invite(new Credentials("bob", "s")), 407, "p", "Proxy-Authenticate: Digest realm=\"p\", nonce=\"1\", qop=\"auth\"\n"));
        bench.Send(Wire.Response(bench.Sent()[1], 401, "q", "WWW-Authenticate: Digest realm=\"q\", nonce=\"2\", qop=\"auth\"\n"));
        var third = bench.Sent()[1];
        Assert.Contains("nc=00000002", third.Text(HeaderId.ProxyAuthorization), StringComparison.Ordinal);
        Assert.Contains("nc=00000001", third.Text(HeaderId.Authorization), StringComparison.Ordinal);
        bench.Send(Wire.Response(third, 200, "b", "Contact: <sip:b@192.0.2.2>\n", Wire.Sdp()));
        bench.Agent.Acknowledge("attempt-1", bench.Now);
        var ack = bench.SentOne();
        Assert.Equal(third.Text(HeaderId.Authorization), ack.Text(HeaderId.Authorization));
        Assert.Equal(3, ack.CSeq!.Number);
    }

    [Fact]
    public void A_challenged_bye_is_sent_again_with_credentials()
    {
        var bench = new Bench();
        bench.Send(Wire.Response(bench.Invite(new Credentials("bob", "s")), 200, "b", "Contact: <sip:b@192.0.2.2>\n", Wire.Sdp()));
        bench.Agent.Acknowledge("attempt-1", bench.Now);
        bench.Agent.HangUp("attempt-1", HangUpReason.Normal, bench.Now);
        var bye = bench.Sent()[^1];
        bench.Send(Wire.Response(bye, 407, "", "Proxy-Authenticate: Digest realm=\"p\", nonce=\"1\", qop=\"auth\"\n"));
        var again = bench.SentOne();
        Assert.Equal((SipMethod.Bye, bye.CSeq!.Number + 1), (again.Method, again.CSeq!.Number));
        Assert.True(again.Has(HeaderId.ProxyAuthorization));
        bench.AssertEmpties();
    }

    [Fact]
    public void The_password_shows_nowhere() =>
        Assert.DoesNotContain("secret", new Credentials("bob", "secret").ToString(), StringComparison.Ordinal);

    static DigestChallenge Challenge(string header)
    {
        var response = Wire.Parse(Wire.Response(Wire.Parse(Wire.Request("OPTIONS")), 401, "t", $"WWW-Authenticate: {header}\n"));
        return Assert.Single(DigestChallenge.ReadAll(response, HeaderId.WwwAuthenticate));
    }
}
