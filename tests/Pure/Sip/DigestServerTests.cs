using System.Text;
using OrleansCallback.Sip;
using Xunit;

namespace OrleansCallback.Tests.Sip;

/// <summary>The registrar's side of digest authentication against our own client's, and against those who would cheat.</summary>
public sealed class DigestServerTests
{
    const string Realm = "example.org";
    static readonly Credentials Bob = new("bob", "secret");
    readonly DigestServerOptions options = new(Realm) { Key = new byte[32] };

    static string? SecretOf(string user, DigestAlgorithm algorithm) =>
        user == "bob" ? DigestServer.Secret(user, Realm, "secret", algorithm) : null;

    static SipMessage Register(string? authorization, byte[]? body = null, string uri = "sip:example.org") => Wire.Parse(Wire.Request(
        "REGISTER", uri: uri, headers: authorization is null ? "" : $"Authorization: {authorization}\n", body: body));

    static List<DigestChallenge> Read(IReadOnlyList<HeaderLine> lines) => DigestChallenge.ReadAll(
        Wire.Parse(Wire.Response(Register(null), 401, "t", string.Concat(lines.Select(l => $"WWW-Authenticate: {l.Value}\n")))), HeaderId.WwwAuthenticate);

    static string Answer(DigestChallenge challenge, int count, Credentials? who = null, byte[]? body = null, string uri = "sip:example.org") =>
        DigestResponse.Header(challenge, who ?? Bob, new DigestSubject("REGISTER", uri, body), count, "cnonce");

    static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    [Theory]
    [InlineData(DigestAlgorithm.Md5, DigestProtection.Auth)]
    [InlineData(DigestAlgorithm.Sha256, DigestProtection.Auth)]
    [InlineData(DigestAlgorithm.Sha512Of256, DigestProtection.Auth)]
    [InlineData(DigestAlgorithm.Sha512Of256, DigestProtection.AuthInt)]
    public void Whoever_knows_the_password_is_proven_once_per_count(DigestAlgorithm algorithm, object protection)
    {
        var server = new DigestServer(options);
        Assert.Equal(DigestVerdict.Missing, server.Verify(Register(null), SecretOf, At(0)).Verdict);
        var challenge = Read(server.Challenge(At(0))).Single(c => c.Algorithm == algorithm) with { Protection = (DigestProtection)protection };
        var body = Wire.Sdp();
        for (var count = 1; count < 4; count++)
        {
            var request = Register(Answer(challenge, count, body: body), body);
            Assert.Equal(new DigestCheck(DigestVerdict.Proven, "bob"), server.Verify(request, SecretOf, At(count)));
            Assert.Equal(DigestVerdict.Replayed, server.Verify(request, SecretOf, At(count)).Verdict);
        }
        Assert.Equal(1, server.Nonces);
    }

    [Fact]
    public void A_count_may_come_late_but_not_twice_and_not_too_late()
    {
        var server = new DigestServer(options);
        var challenge = Read(server.Challenge(At(0)))[0];
        DigestVerdict Use(int count) => server.Verify(Register(Answer(challenge, count)), SecretOf, At(1)).Verdict;
        Assert.Equal(DigestVerdict.Proven, Use(80));
        Assert.Equal(DigestVerdict.Proven, Use(79));
        Assert.Equal(DigestVerdict.Proven, Use(17));
        Assert.Equal(DigestVerdict.Replayed, Use(16));
        Assert.Equal(DigestVerdict.Replayed, Use(17));
        Assert.Equal(DigestVerdict.Proven, Use(1_000));
        Assert.Equal(DigestVerdict.Replayed, Use(80));
    }

    [Fact]
    public void What_is_wrong_is_named()
    {
        var server = new DigestServer(options);
        var challenge = Read(server.Challenge(At(0)))[0];
        DigestVerdict Of(string header, byte[]? body = null, string uri = "sip:example.org") =>
            server.Verify(Register(header, body, uri), SecretOf, At(1)).Verdict;
        Assert.Equal(DigestVerdict.WrongPassword, Of(Answer(challenge, 1, Bob with { Password = "x" })));
        Assert.Equal(DigestVerdict.UnknownUser, Of(Answer(challenge, 1, Bob with { Username = "eve" })));
        Assert.Equal(DigestVerdict.Missing, Of(Answer(challenge with { Realm = "other" }, 1)));
        Assert.Equal(DigestVerdict.Malformed, Of(Answer(challenge, 1), uri: "sip:other.org"));
        Assert.Equal(DigestVerdict.Malformed, Of(Answer(challenge with { Protection = DigestProtection.None }, 1)));
        Assert.Equal(DigestVerdict.Malformed, Of(Answer(challenge, 0)));
        Assert.Equal(DigestVerdict.Malformed, Of("Digest realm=\"example.org\""));
        Assert.Equal(DigestVerdict.Missing, Of("Basic abc"));
        var whole = Answer(challenge with { Protection = DigestProtection.AuthInt }, 1, body: Wire.Sdp());
        Assert.Equal(DigestVerdict.WrongPassword, Of(whole, Wire.Sdp(9)));
        // Nobody's failures use up the counts of who knows the password.
        Assert.Equal(DigestVerdict.Proven, Of(Answer(challenge, 1)));
    }

    [Fact]
    public void Old_forged_and_foreign_nonces_are_stale_before_anybody_is_looked_up()
    {
        var server = new DigestServer(options);
        var challenge = Read(server.Challenge(At(0)))[0];
        DigestVerdict Of(DigestChallenge c, double at, Credentials? who = null)
        {
            var request = Register(Answer(c, 1, who));
            Assert.Equal(DigestVerdict.Stale, server.Refuse(request, At(at)));
            return server.Verify(request, (_, _) => throw new InvalidOperationException("Nobody is to be looked up."), At(at)).Verdict;
        }

        Assert.Equal(DigestVerdict.Stale, Of(challenge, 301));
        Assert.Equal(DigestVerdict.Stale, Of(challenge, 301, Bob with { Password = "x" }));
        Assert.Equal(DigestVerdict.Stale, Of(challenge with { Nonce = challenge.Nonce[..^1] + "!" }, 1));
        Assert.Equal(DigestVerdict.Stale, Of(challenge with { Nonce = new string('0', 64) }, 1));
        Assert.Equal(DigestVerdict.Stale, Of(Read(new DigestServer(new(Realm)).Challenge(At(0)))[0], 1));
        Assert.Contains("stale=true", server.Challenge(At(301), stale: true)[0].Value, StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_is_bounded_and_what_it_forgets_cannot_be_replayed()
    {
        var server = new DigestServer(options with { MaxNonces = 10 });
        for (var i = 0; i < 10_000; i++) server.Challenge(At(0));
        Assert.Equal(0, server.Nonces);
        var first = Register(Answer(Read(server.Challenge(At(1)))[0], 1));
        Assert.Equal(DigestVerdict.Proven, server.Verify(first, SecretOf, At(1)).Verdict);
        for (var i = 0; i < 50; i++)
            Assert.Equal(DigestVerdict.Proven, server.Verify(Register(Answer(Read(server.Challenge(At(2)))[0], 1)), SecretOf, At(2)).Verdict);
        Assert.Equal(10, server.Nonces);
        Assert.Equal(DigestVerdict.Stale, server.Verify(first, SecretOf, At(2)).Verdict);
        server.Verify(Register(Answer(Read(server.Challenge(At(400)))[0], 1)), SecretOf, At(400));
        Assert.Equal(1, server.Nonces);
    }

    [Fact]
    public void A_user_agent_answers_it()
    {
        var server = new DigestServer(options with { IsProxy = true });
        var bench = new Bench();
        var invite = bench.Invite(Bob);
        bench.Send(Wire.Response(invite, 407, "p", string.Concat(server.Challenge(At(0)).Select(l => $"Proxy-Authenticate: {l.Value}\n"))));
        var again = bench.Sent()[1];
        Assert.Contains("algorithm=SHA-512-256", again.Text(HeaderId.ProxyAuthorization), StringComparison.Ordinal);
        Assert.Equal(DigestVerdict.Proven, server.Verify(again, SecretOf, At(1)).Verdict);
    }
}
