using System.Net;
using OrleansCallback.Load.Processes;
using OrleansCallback.Sip;
using OrleansCallback.Tests.Sipp;
using OrleansCallback.Tests.Wire;

namespace OrleansCallback.Tests.Kamailio;

/// <summary>Our digests before a judge that we did not write: INVITE with its body, the BYE of a call, other algorithms and protections.</summary>
public sealed class DigestJudgeTests
{
    static readonly Credentials Right = new(KamailioJudge.User, KamailioJudge.Password);

    [Theory]
    [InlineData("MD5", "auth")]
    [InlineData("MD5", "auth-int")]
    [InlineData("SHA-256", "auth")]
    [InlineData("SHA-256", "auth-int")]
    public async Task Kamailio_believes_our_INVITE_and_our_BYE(string algorithm, string protection)
    {
        await using var court = await Court.OpenAsync(algorithm, protection, PhoneScript.Answers with { Ring = TimeSpan.FromMilliseconds(50) });
        await court.TalkAsync("phone");
        foreach (var method in (string[])["INVITE", "BYE"])
            Assert.True(court.Judge.Lines($"believes {method}: Digest username=\"{KamailioJudge.User}\"") == 1, court.Judge.Log);
        Assert.True(court.Judge.Lines($"algorithm={algorithm}") >= 2 || (algorithm == "MD5" && court.Judge.Lines("algorithm=SHA") == 0), court.Judge.Log);
        Assert.True(court.Judge.Lines($"qop={protection},") >= 2, court.Judge.Log);
    }

    [Fact]
    public async Task A_nonce_that_became_stale_while_it_rang_is_replaced()
    {
        await using var court = await Court.OpenAsync("SHA-256", "auth-int", PhoneScript.Answers with { Ring = TimeSpan.FromMilliseconds(2_100) });
        await court.TalkAsync("phone");
        Assert.True(court.Judge.Lines("a stale nonce in BYE") == 1 && court.Judge.Lines("believes BYE") == 1, court.Judge.Log);
    }

    [Fact]
    public async Task Proxy_and_server_are_both_answered_when_they_ask_in_one_response()
    {
        await using var court = await Court.OpenAsync("SHA-256", "auth", PhoneScript.Answers with { Ring = TimeSpan.FromMilliseconds(50) });
        await court.TalkAsync("both");
        Assert.True(court.Judge.Lines("believes INVITE") == 1, court.Judge.Log);
        Assert.Contains("realm=\"server.test\"", court.Judge.Log, StringComparison.Ordinal);
        Assert.Contains("realm=\"proxy.test\"", court.Judge.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_not_believed_and_not_tried_for_ever()
    {
        await using var court = await Court.OpenAsync("SHA-256", "auth-int", PhoneScript.Answers);
        court.Call("phone", new Credentials(KamailioJudge.User, "guessed"));
        Assert.Equal(407, (await court.Caller.NextAsync<Refused>()).Code);
        Assert.True(court.Judge.Lines("disbelieves INVITE") == 1 && court.Judge.Lines("believes INVITE:") == 0, court.Judge.Log);
        Assert.Empty(court.Phone.Messages);
    }

    /// <summary>A caller of the product's, the judge, and a phone behind it.</summary>
    sealed class Court(KamailioJudge judge, SippPhone phone, TestCaller caller) : IAsyncDisposable
    {
        public KamailioJudge Judge => judge;
        public SippPhone Phone => phone;
        public TestCaller Caller => caller;

        public static async Task<Court> OpenAsync(string algorithm, string protection, PhoneScript script)
        {
            var (address, phoneAddress) = (new IPEndPoint(IPAddress.Parse("127.0.0.6"), FreePorts.Tcp()), FreePorts.Udp("127.0.0.2"));
            WireWitness.Expect(address, least: 2);
            var judge = await KamailioJudge.StartAsync(address, phoneAddress, algorithm, protection);
            var phone = await SippPhone.StartAsync(phoneAddress, script);
            return new(judge, phone, new TestCaller(address));
        }

        public void Call(string user, Credentials credentials) => caller.Call(attempt => attempt with { RequestUri = $"sip:{user}@carrier.test" }, credentials);

        public async Task TalkAsync(string user)
        {
            Call(user, Right);
            await caller.AnsweredAsync();
            caller.HangUp();
            await caller.NextAsync<Ended>();
            await phone.FinishAsync();
        }

        public async ValueTask DisposeAsync()
        {
            caller.Dispose();
            await phone.DisposeAsync();
            await judge.DisposeAsync();
        }
    }
}
