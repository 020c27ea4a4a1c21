using System.Net;
using CsCheck;
using OrleansCallback.Sip;
using Xunit;

namespace OrleansCallback.Tests.Sip;

/// <summary>The registrar's rules of RFC 3261 section 10.3: who may bind what, in which order, for how long.</summary>
public sealed class RegistrarTests
{
    const string Domain = "phones.example";
    static readonly RegistrarOptions Options = new(Domain) { Key = new byte[32], MaxBindings = 3, MaxExpires = TimeSpan.FromHours(2), MaxExpiresUdp = TimeSpan.FromHours(1) };
    static readonly Credentials Anna = new("anna", "secret");
    readonly Registrar registrar = new(Options);
    int count;

    static string? SecretOf(string user, DigestAlgorithm algorithm) =>
        user is "anna" or "bob" ? DigestServer.Secret(user, Domain, "secret", algorithm) : null;

    static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    static SipMessage Register(
        int cseq, string headers, string callId = "r1", string to = "sip:anna@phones.example", string? authorization = null, string via = "") => Wire.Parse(Wire.Bytes(
        $"REGISTER sip:{Domain} SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.7:5060;branch=z9hG4bK{cseq}{via}\nMax-Forwards: 70\nFrom: <{to}>;tag=a\nTo: <{to}>\n"
        + $"Call-ID: {callId}\nCSeq: {cseq} REGISTER\n{headers}{(authorization is null ? "" : $"Authorization: {authorization}\n")}Content-Length: 0\n\n"));

    string Answer(IReadOnlyList<HeaderLine> challenge, Credentials who, DigestAlgorithm algorithm = DigestAlgorithm.Sha256, int? nc = null)
    {
        var refusal = Wire.Response(Register(1, ""), 401, "t", string.Concat(challenge.Select(l => $"WWW-Authenticate: {l.Value}\n")));
        var read = DigestChallenge.ReadAll(Wire.Parse(refusal), HeaderId.WwwAuthenticate).Single(c => c.Algorithm == algorithm);
        return DigestResponse.Header(read with { Protection = DigestProtection.Auth }, who, new("REGISTER", $"sip:{Domain}", default), nc ?? ++count, "cn");
    }

    RegistrarAnswer Prove(
        int cseq, string headers, double at = 0, string callId = "r1", Hop? source = null, string to = "sip:anna@phones.example", string via = ";rport")
    {
        var challenge = registrar.Receive(Register(1, ""), Wire.Peer, SecretOf, At(at));
        Assert.Equal(401, challenge.Code);
        count = 0;
        return registrar.Receive(
            Register(cseq, headers, callId, to, Answer(challenge.Headers, Anna), via), source ?? Wire.Peer, SecretOf, At(at));
    }

    [Theory]
    [InlineData(DigestAlgorithm.Md5)]
    [InlineData(DigestAlgorithm.Sha256)]
    public void Who_knows_the_password_is_bound_where_it_came_from(DigestAlgorithm algorithm)
    {
        var challenge = registrar.Receive(Register(1, "Contact: <sip:anna@10.0.0.7>\n"), Wire.Peer, SecretOf, At(0));
        Assert.Equal((401, 2, DigestVerdict.Missing), (challenge.Code, challenge.Headers.Count, challenge.Verdict));
        var request = Register(2, "Contact: <sip:anna@10.0.0.7>\n", authorization: Answer(challenge.Headers, Anna, algorithm), via: ";rport");
        Assert.Equal("anna", registrar.UserOf(request));
        var answer = registrar.Receive(request, Wire.Peer, SecretOf, At(0));
        Assert.Equal((200, "anna"), (answer.Code, answer.Account));
        Assert.Equal("<sip:anna@10.0.0.7>;expires=3600;q=1", Assert.Single(answer.Headers).Value);
        Assert.Equal((Hop)Wire.Peer with { IsFlow = true }, Assert.Single(answer.Bindings!).Flow);
        Assert.True(registrar.Table.Has(Wire.Peer));
    }

    [Fact]
    public void A_wrong_password_an_unknown_account_and_a_replay_change_nothing()
    {
        var challenge = registrar.Receive(Register(1, ""), Wire.Peer, SecretOf, At(0)).Headers;
        const string contact = "Contact: <sip:anna@10.0.0.7>\n";
        RegistrarAnswer Try(int cseq, string authorization) => registrar.Receive(Register(cseq, contact, authorization: authorization), Wire.Peer, SecretOf, At(1));
        Assert.Equal((401, DigestVerdict.WrongPassword), (Try(2, Answer(challenge, Anna with { Password = "x" })) is var a ? a.Code : 0, a.Verdict));
        Assert.Equal((401, DigestVerdict.UnknownUser), (Try(3, Answer(challenge, Anna with { Username = "eve" })) is var b ? b.Code : 0, b.Verdict));
        Assert.Empty(registrar.Table.Of("anna", At(1)));
        var right = Answer(challenge, Anna);
        Assert.Equal(200, Try(4, right).Code);
        var replay = registrar.Receive(Register(5, "Contact: <sip:eve@10.6.6.6>\n", authorization: right), Wire.Peer, SecretOf, At(2));
        Assert.Equal((401, DigestVerdict.Replayed), (replay.Code, replay.Verdict));
        Assert.Contains("stale=true", replay.Headers[0].Value, StringComparison.Ordinal);
        Assert.Equal("sip:anna@10.0.0.7", Assert.Single(registrar.Table.Of("anna", At(2))).Contact);
    }

    [Fact]
    public void Nobody_binds_for_another_account_or_domain()
    {
        Assert.Equal(403, Prove(2, "Contact: <sip:anna@10.0.0.7>\n", to: "sip:bob@phones.example").Code);
        Assert.Equal(404, Prove(3, "Contact: <sip:anna@10.0.0.7>\n", to: "sip:anna@elsewhere.example").Code);
        Assert.Empty(registrar.Table.Of("bob", At(0)));
    }

    [Theory]
    [InlineData("Contact: *\nExpires: 10\n", 400)]
    [InlineData("Contact: *\n", 400)]
    [InlineData("Contact: *, <sip:a@10.0.0.7>\nExpires: 0\n", 400)]
    [InlineData("Contact: <tel:+49301>\n", 400)]
    [InlineData("Contact: <sip:a@10.0.0.7>;q=1.5\n", 400)]
    [InlineData("Contact: <sip:a@10.0.0.7?Subject=x>\n", 400)]
    [InlineData("Contact: <sip:a@10.0.0.7>;expires=59\n", 423)]
    [InlineData("Contact: <sip:a@10.0.0.7>\nExpires: 1\n", 423)]
    [InlineData("Contact: <sip:1@10.0.0.7>,<sip:2@10.0.0.7>,<sip:3@10.0.0.7>,<sip:4@10.0.0.7>\n", 403)]
    [InlineData("Contact: <sip:1@10.0.0.7>,<sip:2@10.0.0.7>,<sip:3@10.0.0.7>,<sip:4@10.0.0.7>;expires=0\n", 403)]
    [InlineData("Contact: <sip:a@10.0.0.7>\nExpires: 99999999999999\n", 200)]
    [InlineData("Contact: <sip:a@10.0.0.7>;expires=rubbish\n", 200)]
    [InlineData("", 200)]
    public void What_cannot_be_taken_is_refused_whole(string headers, int code)
    {
        Assert.Equal(200, Prove(2, "Contact: <sip:anna@10.0.0.9>\n").Code);
        var answer = Prove(3, headers, 1);
        Assert.Equal(code, answer.Code);
        if (code == 423) Assert.Equal(new HeaderLine(HeaderId.MinExpires, "60"), Assert.Single(answer.Headers));
        Assert.Contains(registrar.Table.Of("anna", At(1)), b => b.Contact == "sip:anna@10.0.0.9");
        Assert.Equal(code == 200 && headers.Length > 0 ? 2 : 1, registrar.Table.Of("anna", At(1)).Count);
    }

    [Fact]
    public void A_late_REGISTER_of_the_same_phone_changes_nothing_and_a_phone_that_began_anew_does()
    {
        Assert.Equal(200, Prove(7, "Contact: <sip:anna@10.0.0.7>\n").Code);
        Assert.Equal(500, Prove(6, "Contact: <sip:anna@10.0.0.7>;expires=0\n").Code);
        Assert.Equal(500, Prove(7, "Contact: *\nExpires: 0\n").Code);
        Assert.Single(registrar.Table.Of("anna", At(0)));
        Assert.Equal(200, Prove(1, "Contact: <sip:anna@10.0.0.7>;expires=0\n", callId: "r2").Code);
        Assert.Empty(registrar.Table.Of("anna", At(0)));
        Assert.False(registrar.Table.Has(Wire.Peer));
    }

    [Fact]
    public void The_best_liked_binding_comes_first_and_each_ends_in_its_time()
    {
        Assert.Equal(200, Prove(2, "Contact: <sip:1@10.0.0.7>;q=0.2;expires=60, <sip:2@10.0.0.7>;q=0.9;expires=90\n").Code);
        Assert.Equal(200, Prove(3, "Contact: <sip:3@10.0.0.7>;expires=7200\n", 10).Code);
        string[] Known(double at) => [.. registrar.Table.Of("anna", At(at)).Select(b => b.Contact[4..5])];
        Assert.Equal(["3", "2", "1"], Known(59));
        Assert.Equal(["3", "2"], Known(60));
        Assert.Equal(["3"], Known(90));
        Assert.Equal([], Known(3_611)); // no longer than the longest that is allowed
        Assert.Equal(200, Prove(4, "", 4_000).Code);
        Assert.Equal(0, registrar.Table.Accounts);
    }

    [Theory]
    [InlineData(SipTransport.Udp, "", 3_600)]
    [InlineData(SipTransport.Udp, ";expires=90000", 3_600)]
    [InlineData(SipTransport.Tcp, "", 7_200)]
    [InlineData(SipTransport.Tls, ";expires=90000", 7_200)]
    [InlineData(SipTransport.Tls, ";expires=61", 61)]
    public void A_binding_over_UDP_lives_less_long_than_one_whose_connection_tells_its_end(SipTransport transport, string asked, int seconds) =>
        Assert.Equal(At(seconds), Prove(2, $"Contact: <sip:anna@10.0.0.7>{asked}\n", source: new Hop(transport, Wire.Peer, Connection: 7)).Bindings![0].Until);

    /// <summary>A phone whose Contact changes and that has no +sip.instance is not locked out by its own past.</summary>
    [Fact]
    public void Another_binding_than_an_account_may_have_takes_the_place_of_the_one_not_heard_of_for_longest()
    {
        for (var n = 1; n <= 3; n++) Assert.Equal(200, Prove(n + 1, $"Contact: <sip:{n}@10.0.0.7>;expires={(n == 1 ? 3_000 : 90)}\n", n).Code);
        Assert.Equal(200, Prove(5, "Contact: <sip:2@10.0.0.7>;expires=90\n", 4).Code);
        Assert.Equal(200, Prove(6, "Contact: <sip:4@10.0.0.7>;expires=90\n", 5).Code);
        Assert.Equal(200, Prove(7, "Contact: <sip:5@10.0.0.7>;expires=90\n", 6).Code);
        Assert.Equal(["2", "4", "5"], registrar.Table.Of("anna", At(6)).Select(b => b.Contact[4..5]).Order());
    }

    [Fact]
    public void A_connection_that_ends_takes_the_bindings_on_it_along_and_no_others()
    {
        Hop On(long connection) => new(SipTransport.Tcp, Wire.Peer, Connection: connection);
        Assert.Equal(200, Prove(2, "Contact: <sip:1@10.0.0.7;transport=tcp>\n", source: On(7)).Code);
        Assert.Equal(200, Prove(3, "Contact: <sip:2@10.0.0.7;transport=tcp>\n", source: On(8)).Code);
        Assert.Equal(200, Prove(4, "Contact: <sip:3@10.0.0.7>\n").Code);
        Assert.Equal([], registrar.Table.Lost(On(9), At(0)));
        Assert.Equal(["anna"], registrar.Table.Lost(On(7), At(0)));
        Assert.Equal(["2", "3"], registrar.Table.Of("anna", At(0)).Select(b => b.Contact[4..5]).Order());
        Assert.Equal([], registrar.Table.Lost(Wire.Peer, At(0))); // over UDP nothing ends
        Assert.Equal(["anna"], registrar.Table.Lost(On(8), At(0)));
        Assert.True(registrar.Table.Has(Wire.Peer));
    }

    [Fact]
    public void What_an_earlier_process_had_bound_is_taken_over_and_refreshed_like_any_other()
    {
        Binding Of(string contact, double until) => new(contact, (Hop)Wire.Peer with { IsFlow = true }, 1, "", 0, At(-50), At(until));
        registrar.Table.Restore("anna", [Of("sip:1@10.0.0.7", 60), Of("sip:2@10.0.0.7", -1), Of("sip:3@10.0.0.7", 70)], At(0));
        registrar.Table.Restore("anna", [Of("sip:4@10.0.0.7", 60)], At(0));
        Assert.Equal(2, Prove(9, "Contact: <sip:1@10.0.0.7>;expires=90\n", 1).Bindings!.Count);
        Assert.Equal(["1"], registrar.Table.Of("anna", At(80)).Select(b => b.Contact[4..5]));
        Assert.True(registrar.Table.Has(Wire.Peer));
    }

    [Fact]
    public void A_phone_behind_a_NAT_is_reached_at_its_source_and_one_without_rport_where_it_listens()
    {
        var outside = new IPEndPoint(IPAddress.Parse("203.0.113.5"), 40_123);
        Assert.Equal(outside, Prove(2, "Contact: <sip:anna@10.0.0.7:5060>\n", source: outside).Bindings![0].Flow.EndPoint);
        Assert.Equal(outside, Prove(3, "Contact: <sip:anna@10.0.0.7:5060>\n", source: outside, via: "").Bindings![0].Flow.EndPoint);
        Assert.Equal(5_070, Prove(4, "Contact: <sip:anna@203.0.113.5:5070>\n", source: outside, via: "").Bindings![^1].Flow.EndPoint.Port);
    }

    [Fact]
    public void A_phone_that_comes_back_on_another_flow_replaces_its_earlier_binding()
    {
        const string same = ";+sip.instance=\"<urn:uuid:1>\";reg-id=1";
        Assert.Equal(200, Prove(2, $"Contact: <sip:anna@10.0.0.7:5060>{same}\n").Code);
        Assert.Equal(200, Prove(1, $"Contact: <sip:anna@10.0.0.7:41000>{same}\n", callId: "r2").Code);
        Assert.Equal("sip:anna@10.0.0.7:41000", Assert.Single(registrar.Table.Of("anna", At(0))).Contact);
    }

    /// <summary>Any sequence of REGISTERs against a model that is a plain dictionary.</summary>
    [Fact]
    public void Bindings_are_those_of_a_plain_model_after_any_requests()
    {
        var request = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[1, 12], Gen.Int[0, 4].Select(n => ((int[])[-1, 0, 60, 100, 5_000])[n]), Gen.Int[1, 80]);
        request.Array[1, 40].Sample(steps =>
        {
            var table = new BindingTable(Options);
            var model = new Dictionary<string, (string CallId, int CSeq, double Since, double Until)>();
            double now = 0;
            foreach (var (contact, call, cseq, life, pass) in steps)
            {
                now += pass;
                foreach (var (gone, _) in model.Where(b => b.Value.Until <= now).ToList()) model.Remove(gone);
                var (uri, id) = ($"sip:c{contact}@10.0.0.7", $"call{call}");
                var star = life < 0;
                var request = Register(cseq, star ? "Contact: *\nExpires: 0\n" : $"Contact: <{uri}>;expires={life}\n", id);
                var code = table.Apply("anna", request, Wire.Peer, At(now)).Code;
                var named = star ? [.. model.Keys] : model.ContainsKey(uri) ? [uri] : Array.Empty<string>();
                var old = named.Any(n => model[n].CallId == id && model[n].CSeq >= cseq);
                Assert.Equal(old ? 500 : 200, code);
                if (code != 200) continue;
                foreach (var name in named) model.Remove(name);
                if (!star && life > 0)
                {
                    if (model.Count == Options.MaxBindings) model.Remove(model.MinBy(b => b.Value.Since).Key);
                    model[uri] = (id, cseq, now, now + Math.Min(life, 3_600));
                }

                Assert.Equal(model.Keys.Order(), table.Of("anna", At(now)).Select(b => b.Contact).Order());
                Assert.Equal(model.Count > 0, table.Has(Wire.Peer));
            }
        });
    }

    [Fact]
    public void A_user_agent_asks_its_application_once_and_answers_what_it_says()
    {
        var bench = new Bench(Bench.Options with { AcceptsRegisters = true });
        var bytes = Wire.Request("REGISTER", uri: "sip:phones.example", headers: "Contact: <sip:a@10.0.0.7>\n");
        Assert.Equal(Disposition.Taken, bench.Send(bytes).Disposition);
        Assert.Equal(Disposition.Taken, bench.Send(bytes).Disposition);
        var asked = bench.Event<IncomingRegister>();
        Assert.Equal(CommandResult.Done, bench.Agent.AnswerRegister(asked.CallKey, 200, [new(HeaderId.Contact, "<sip:a@10.0.0.7>;expires=60")], bench.Now));
        Assert.Equal(CommandResult.UnknownCall, bench.Agent.AnswerRegister(asked.CallKey, 200, [], bench.Now));
        var ok = bench.SentOne();
        Assert.Equal((200, "<sip:a@10.0.0.7>;expires=60"), (ok.StatusCode, ok.Text(HeaderId.Contact)));
        Assert.NotEqual("", ok.To!.Tag);
        bench.Send(bytes);
        Assert.Equal(200, bench.SentOne().StatusCode);
        Assert.Empty(bench.Events());
        bench.Pass(40);
        Assert.Equal((0, 0), (bench.Agent.Transactions, bench.Agent.PendingTimers));
    }

    [Fact]
    public void An_answer_that_is_to_wait_goes_out_at_its_time()
    {
        var bench = new Bench(Bench.Options with { AcceptsRegisters = true });
        bench.Send(Wire.Request("REGISTER"));
        var asked = bench.Event<IncomingRegister>();
        Assert.Equal(CommandResult.Done, bench.Agent.AnswerRegisterAt(asked.CallKey, 401, [], At(0.2)));
        bench.Pass(0.1);
        Assert.Empty(bench.Sent());
        bench.Pass(0.1);
        Assert.Equal(401, bench.SentOne().StatusCode);
        Assert.Equal(CommandResult.UnknownCall, bench.Agent.AnswerRegisterAt(asked.CallKey, 401, [], At(1)));
        bench.Pass(40);
        Assert.Equal((0, 0), (bench.Agent.Transactions, bench.Agent.PendingTimers));
    }

    [Fact]
    public void A_REGISTER_that_nobody_answers_gets_503_and_a_flood_gets_silence()
    {
        var bench = new Bench(Bench.Options with { AcceptsRegisters = true, StrangerRate = 1, StrangerBurst = 3 });
        for (var n = 0; n < 10; n++) bench.Send(Wire.Request("REGISTER", branch: $"z9hG4bK{n}", callId: $"c{n}"));
        Assert.Equal(3, bench.Events().Count);
        bench.Pass(10);
        Assert.Equal(["503 REGISTER", "503 REGISTER", "503 REGISTER"], bench.SentNames());
        bench.Pass(40);
        Assert.Equal((0, 0), (bench.Agent.Transactions, bench.Agent.PendingTimers));
        Assert.Equal(["405 REGISTER"], Refuse(new Bench()));

        static string[] Refuse(Bench other)
        {
            other.Send(Wire.Request("REGISTER"));
            return other.SentNames();
        }
    }
}
