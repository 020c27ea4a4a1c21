using System.Globalization;
using OrleansCallback.Sip;
using Xunit;

namespace OrleansCallback.Tests.Sip;

/// <summary>
/// One registration over a network that loses messages, to a registrar that challenges with nonces that become stale, has a least time, refuses
/// now and then and forgets everything once. Halfway the trouble is over.
/// </summary>
sealed class RegistrarWorld(int seed, double trouble, int expires, int least)
{
    static readonly TimeSpan HalfTime = TimeSpan.FromMinutes(40), Calm = TimeSpan.FromMinutes(6), Nonce = TimeSpan.FromSeconds(90);

    readonly Random random = new(seed);
    readonly Bench bench = new(Bench.Options with { Seed = seed });
    readonly HashSet<string> answered = [];
    TimeSpan boundUntil, nonceSince;
    RegistrationChanged? told;
    int nonce, requests, lastSequence;
    bool calm, restarted;

    public void Run()
    {
        var ours = new Registration(
            "r", "sip:carrier.test", "sip:site@carrier.test", "sip:site@192.0.2.1:5060", "192.0.2.1:5060", Wire.Peer.ToString(), TimeSpan.FromSeconds(expires));
        bench.Agent.Register(ours, new Credentials("site", "secret"), bench.Now);
        Until(HalfTime);
        calm = true;
        Until(HalfTime + Calm);
        Assert.Equal(RegistrationState.Registered, told!.State);
        Until(2 * HalfTime);
        Assert.Equal(RegistrationState.Registered, told.State);
        // Each try sends at most three requests, each of them eleven times in timer F; tries follow at two fifths of the time at the soonest.
        var tries = 2 * HalfTime / TimeSpan.FromSeconds(0.4 * Math.Min(expires, 2.5)) + 1;
        Assert.InRange(requests, 1, tries * 33);
        bench.Agent.Unregister("r", bench.Now);
        Until(bench.Now + TimeSpan.FromMinutes(3));
        Assert.Equal((RegistrationState.Ended, TimeSpan.Zero), (told.State, boundUntil));
        bench.AssertEmpties();
    }

    void Until(TimeSpan end)
    {
        Exchange();
        while (bench.Agent.NextWake is { } wake && wake <= end)
        {
            bench.Pass(wake - bench.Now);
            Exchange();
        }

        bench.Pass(end - bench.Now);
    }

    /// <summary>Takes what was sent until nothing more comes of it.</summary>
    void Exchange()
    {
        while (bench.Sent() is { Count: > 0 } sent)
        {
            foreach (var register in sent)
            {
                requests++;
                if (!Lost()) Answer(register);
            }
        }

        foreach (var change in bench.Events().OfType<RegistrationChanged>()) told = change;
        // Whoever is told to be registered is: the registrar's time ends no sooner than ours. A restart is what only the next refresh can show.
        if (told is { State: RegistrationState.Registered } && !restarted) Assert.True(boundUntil >= bench.Now, $"told {told} at {bench.Now}, bound until {boundUntil}");
    }

    void Answer(SipMessage register)
    {
        var sequence = register.CSeq!.Number;
        // A repetition gets what the first got, so nothing: the model of a transaction layer whose answer is lost once more.
        if (sequence < lastSequence || (sequence == lastSequence && !answered.Add(register.TopVia!.Branch + random.Next(2)))) return;
        lastSequence = sequence;
        Forget();
        var (code, headers) = Judge(register);
        if (!Lost()) bench.Send(Wire.Response(register, code, "b", headers));
    }

    (int Code, string Headers) Judge(SipMessage register)
    {
        if (!calm && random.NextDouble() < trouble / 4) return (random.Next(3) switch { 0 => 500, 1 => 503, _ => 403 }, "");
        if (bench.Now - nonceSince >= Nonce) (nonce, nonceSince) = (nonce + 1, bench.Now);
        var proof = register.Text(HeaderId.Authorization);
        if (!proof.Contains($"nonce=\"n{nonce}\"", StringComparison.Ordinal))
        {
            var stale = proof.Length > 0 ? ", stale=true" : "";
            return (401, $"WWW-Authenticate: Digest realm=\"r\", qop=\"auth\", nonce=\"n{nonce}\"{stale}\n");
        }

        var asked = int.Parse(register.Text(HeaderId.Expires), CultureInfo.InvariantCulture);
        if (asked > 0 && asked < least) return (423, $"Min-Expires: {least}\n");
        boundUntil = asked == 0 ? TimeSpan.Zero : bench.Now + TimeSpan.FromSeconds(asked);
        restarted = false;
        return (200, asked == 0 ? "" : $"Contact: {register.Text(HeaderId.Contact)};expires={asked}\n");
    }

    /// <summary>A registrar that restarts knows no binding and no nonce.</summary>
    void Forget()
    {
        if (calm || random.NextDouble() >= trouble / 20) return;
        (boundUntil, nonce, restarted) = (TimeSpan.Zero, nonce + 1, true);
    }

    bool Lost() => !calm && random.NextDouble() < trouble;
}
