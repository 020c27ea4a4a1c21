using System.Net;
using System.Text.Json;
using OrleansCallback.Tests.Processes;
using OrleansCallback.Tests.Sipp;
using SandboxCarrier = OrleansCallback.Sip.Sandbox.SandboxCarrier;
using SandboxOptions = OrleansCallback.Sip.Sandbox.SandboxOptions;

namespace OrleansCallback.Tests.Calls;

/// <summary>Routes, failover and changes of trunks with SIPp as the carriers' phones. One after the other: they share the silo's trunks.</summary>
[Collection(TwoTrunksScenarios.Name)]
public sealed class TrunkTests(TwoTrunks two) : IAsyncLifetime
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    CallSite Site => two.Site;

    /// <summary>A trunk may rest from what the test before did to it: any change of its settings gives it another chance.</summary>
    public async ValueTask InitializeAsync()
    {
        await two.ChangeAsync(CallSite.MemberTrunk, new { calls_per_second = 0 });
        await two.ChangeAsync(CallSite.IdleTrunk, new { calls_per_second = 0 });
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_503_with_Retry_After_leads_to_the_next_trunk_and_the_first_rests()
    {
        await using var failing = await SippPhone.StartAsync(Site.MemberPhone, PhoneScript.Fails(503, "Service Unavailable", "Retry-After: 600"));
        await using var spare = await SippPhone.StartAsync(Site.IdlePhone, PhoneScript.Refuses(486, "Busy Here"));
        Assert.Equal(("member_busy", CallSite.IdleTrunk), await two.EndAsync());
        Assert.Single(Invites(failing, two.LastNumber));
        var invite = Assert.Single(Invites(spare, two.LastNumber));
        var from = invite.Header("From");
        Assert.Matches("^INVITE sip:030231250[0-9]{2}@", invite.StartLine);
        Assert.Contains("sip:03023125100@", from, StringComparison.Ordinal);
        Assert.Equal(from.Split(';')[0], invite.Header("P-Asserted-Identity"));
        Assert.Equal(("Sample Works", "77"), (invite.Header("User-Agent"), invite.Header("X-Account")));
        Assert.Contains("RTP/AVP 8 101", invite.Text, StringComparison.Ordinal);

        Assert.Equal("resting", (await two.TrunkAsync(CallSite.MemberTrunk)).GetProperty("condition").GetString());
        Assert.Equal(2, await Metrics.SumAsync(Site.Silos[0].Http, "callback_trunk_up"));
        Assert.Equal(("member_busy", CallSite.IdleTrunk), await two.EndAsync());
        Assert.Empty(Invites(failing, two.LastNumber));

        // Whoever changes the trunk gives it another chance at once.
        await two.ChangeAsync(CallSite.MemberTrunk, new { caller_id = "+493023125998" });
        Assert.Equal(("member_busy", CallSite.IdleTrunk), await two.EndAsync());
        Assert.Single(Invites(failing, two.LastNumber));
    }

    [Fact]
    public async Task A_trunk_that_answers_nothing_is_passed_over()
    {
        await using var spare = await SippPhone.StartAsync(Site.IdlePhone, PhoneScript.Refuses(486, "Busy Here"));
        Assert.Equal(("member_busy", CallSite.IdleTrunk), await two.EndAsync());
    }

    [Theory]
    [InlineData(500, "X-None: none")]
    [InlineData(504, "X-None: none")]
    [InlineData(480, "Reason: Q.850;cause=34")]
    [InlineData(408, "X-None: none")]
    public async Task A_fault_of_the_trunk_leads_to_the_next_one(int code, string reason)
    {
        await using var failing = await SippPhone.StartAsync(Site.MemberPhone, PhoneScript.Fails(code, "Failed", reason));
        await using var spare = await SippPhone.StartAsync(Site.IdlePhone, PhoneScript.Fails(486, "Busy Here"));
        Assert.Equal(("member_busy", CallSite.IdleTrunk), await two.EndAsync());
        Assert.Single(Invites(failing, two.LastNumber));
        Assert.Single(Invites(spare, two.LastNumber));
    }

    [Theory]
    [InlineData(486, "X-None: none", "member_busy")]
    [InlineData(600, "X-None: none", "member_busy")]
    [InlineData(603, "X-None: none", "member_declined")]
    [InlineData(404, "X-None: none", "member_unreachable")]
    [InlineData(480, "X-None: none", "member_no_answer")]
    [InlineData(480, "Reason: Q.850;cause=18", "member_no_answer")]
    [InlineData(500, "Reason: Q.850;cause=17", "trunk_unavailable")]
    public async Task A_person_s_or_a_number_s_answer_leads_to_no_other_trunk(int code, string reason, string outcome)
    {
        await using var first = await SippPhone.StartAsync(Site.MemberPhone, PhoneScript.Fails(code, "No", reason));
        await using var spare = await SippPhone.StartAsync(Site.IdlePhone, PhoneScript.Answers);
        Assert.Equal((outcome, CallSite.MemberTrunk), await two.EndAsync());
        Assert.Empty(spare.Messages);
    }

    [Fact]
    public async Task A_phone_that_rang_is_not_rung_over_another_trunk()
    {
        await using var first = await SippPhone.StartAsync(Site.MemberPhone, PhoneScript.Refuses(503, "Service Unavailable"));
        await using var spare = await SippPhone.StartAsync(Site.IdlePhone, PhoneScript.Answers);
        Assert.Equal(("trunk_unavailable", CallSite.MemberTrunk), await two.EndAsync());
        Assert.Empty(spare.Messages);
    }

    [Fact]
    public async Task A_trunk_is_added_given_another_password_and_taken_out_while_a_call_is_up()
    {
        await using var carrier = new SandboxCarrier(new SandboxOptions { Credentials = new OrleansCallback.Sip.Credentials("site", "right") });
        await using var merchant = await SippPhone.StartAsync(Site.MerchantPhone, PhoneScript.Answers);
        var settings = new
        {
            address = $"{carrier.EndPoint}", username = "site", password = "wrong", caller_id = "+493023125999", rate_per_second = 200, ping_seconds = 0,
        };
        var made = await Site.Admin.PutAsync("/v1/admin/trunks/late", settings);
        Assert.Equal(HttpStatusCode.OK, made.Code);
        Assert.DoesNotContain("wrong", made.Body.ToString(), StringComparison.Ordinal);
        Assert.True(made.Body.GetProperty("has_password").GetBoolean());
        Assert.Equal(JsonValueKind.Array, made.Body.GetProperty("prefixes").ValueKind);
        Assert.Equal(0, made.Body.GetProperty("prefixes").GetArrayLength()); // no number comes to it but by a route
        Assert.Equal(HttpStatusCode.OK, (await Site.Admin.PutAsync("/v1/admin/routes/49171392", new { trunks = new[] { new { trunk = "late" } } })).Code);
        await Site.TrunkInForceAsync("late");

        using var member = await Site.MemberAsync(Scene.Plenty);
        var refused = (await member.PlaceAsync("member-pays", number: "+491713920010")).Id;
        Assert.Equal("trunk_unavailable", (await member.EndsAsync(refused)).Outcome);

        await two.ChangeAsync("late", new { password = "right" });
        var up = (await member.PlaceAsync("member-pays", number: "+491713920010")).Id;
        await member.ReachesAsync(up, "bridged", Soon);
        await two.ChangeAsync("late", new { password = "changed again" });
        var elsewhere = await Site.Admin.PutAsync("/v1/admin/trunks/late", new { address = "192.0.2.66:5060" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, elsewhere.Code);
        Assert.StartsWith("password has to be written again", elsewhere.Text("detail"), StringComparison.Ordinal);
        var needed = await Site.Admin.DeleteAsync("/v1/admin/trunks/late");
        Assert.Equal((HttpStatusCode.Conflict, "trunk_needed"), (needed.Code, needed.Text("code")));
        Assert.Contains("+49171392", needed.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await Site.Admin.DeleteAsync("/v1/admin/routes/49171392")).Code);
        Assert.Equal(HttpStatusCode.NoContent, (await Site.Admin.DeleteAsync("/v1/admin/trunks/late")).Code);
        Assert.Equal("bridged", (await member.GetAsync(up)).Status);
        await member.CancelAsync(up);
        Assert.Equal(("bridged", "late"), ((await member.EndsAsync(up)).Outcome, await Site.Books.TrunkOfAsync(up, 'a')));
        Assert.Equal(HttpStatusCode.NotFound, (await Site.Admin.ReadAsync("/v1/admin/trunks/late")).Code);
        Assert.DoesNotContain("changed again", Site.Silos[0].Program.Output + Site.Web.Program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_a_second_wait_for_their_turn_and_what_would_wait_too_long_takes_the_next_trunk()
    {
        await using var slow = await SippPhone.StartAsync(Site.MemberPhone, PhoneScript.Fails(486, "Busy Here"));
        await using var spare = await SippPhone.StartAsync(Site.IdlePhone, PhoneScript.Fails(486, "Busy Here"));
        await two.ChangeAsync(CallSite.MemberTrunk, new { calls_per_second = 1 });
        const int Clicks = 12;
        var members = await Task.WhenAll(Enumerable.Range(0, Clicks).Select(_ => Site.MemberAsync(Scene.Plenty)));
        var numbers = Enumerable.Range(75, Clicks).Select(CallSite.MemberNumber).ToList();
        var placed = await Task.WhenAll(members.Zip(numbers, (member, number) => member.PlaceAsync("member-pays", number: number)));
        foreach (var (member, callback) in members.Zip(placed)) Assert.Equal("member_busy", (await member.EndsAsync(callback.Id)).Outcome);
        foreach (var member in members) member.Dispose();
        var invites = numbers.SelectMany(number => Invites(slow, number)).OrderBy(invite => invite.At).ToList();
        var passed = numbers.SelectMany(number => Invites(spare, number)).Count();
        Assert.True(passed > 0, "Nothing had to wait too long.");
        Assert.True(invites.Count >= 3, $"{invites.Count} INVITEs: two may wait behind the first.");
        Assert.Equal(Clicks, invites.Count + passed);
        Assert.All(invites.Zip(invites.Skip(1)), pair => Assert.True(pair.Second.At - pair.First.At > TimeSpan.FromMilliseconds(800)));
    }

    [Fact]
    public async Task A_trunk_that_answers_nothing_and_has_no_other_beside_it_ends_the_callback_at_the_ring_limit()
    {
        await using var phones = await SippPhone.StartAsync(Site.MemberPhone, PhoneScript.Answers);
        Assert.Equal(("trunk_unavailable", CallSite.MemberTrunk), await two.EndAsync());
    }

    [Fact]
    public async Task Wrong_settings_are_refused_with_what_to_write()
    {
        foreach (var (body, word) in new (object, string)[]
        {
            (new { address = "192.0.2.1" }, "address"), (new { number_format = "latin" }, "number_format"), (new { codecs = "GSM" }, "codecs"),
            (new { headers = new Dictionary<string, string?> { ["Via"] = "x" } }, "headers"), (new { max_channels = 0 }, "max_channels"),
            (new { headers = new Dictionary<string, string?> { ["X-A"] = null } }, "headers"), (new { prefixes = new string?[] { null } }, "prefixes"),
            (new { prefixes = Enumerable.Repeat("+49", 65) }, "prefixes"), (new { ping_seconds = 7200 }, "ping_seconds is 7200"),
            (new { register = "true", username = "u", register_expires_seconds = 1 }, "register_expires_seconds is 1; write a time from 5 to "),
            (new { transport = "tls" }, "transport"),
        })
        {
            var answer = await Site.Admin.PutAsync($"/v1/admin/trunks/{CallSite.MemberTrunk}", body);
            Assert.Equal((HttpStatusCode.UnprocessableEntity, "invalid_request"), (answer.Code, answer.Text("code")));
            Assert.Contains(word, answer.Text("detail"), StringComparison.Ordinal);
        }

        var nothing = await Site.Admin.PutAsync("/v1/admin/routes/49", new { trunks = new object?[] { null } });
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "invalid_request"), (nothing.Code, nothing.Text("code")));
        Assert.Equal("unknown_route", (await Site.Admin.DeleteAsync("/v1/admin/routes/1")).Text("code"));
        using var member = await Site.MemberAsync(0);
        Assert.Equal(HttpStatusCode.Forbidden, (await member.ReadAsync("/v1/admin/trunks")).Code);
    }

    [Fact]
    public async Task Two_clicks_of_one_member_or_for_one_number_on_two_web_nodes_ring_once()
    {
        await using var phones = await SippPhone.StartAsync(Site.MemberPhone, PhoneScript.NeverAnswers);
        using var member = await Site.MemberAsync(Scene.Plenty);
        using var other = await Site.MemberAsync(Scene.Plenty);
        using var same = await SiteClient.LogInAsync(two.SecondWeb.Http, member.Account, member.Password);
        using var far = await SiteClient.LogInAsync(two.SecondWeb.Http, other.Account, other.Password);
        const string one = "+493023125091", another = "+493023125092";
        var rung = 0;
        foreach (var (second, number) in new[] { (same, another), (far, one) })
        {
            var clicks = await Task.WhenAll(member.PlaceAsync("member-pays", number: one), second.PlaceAsync("member-pays", number: number));
            var won = Assert.Single(clicks, click => click.Code == HttpStatusCode.Accepted);
            Assert.Equal((HttpStatusCode.Conflict, "already_active"), clicks.Where(click => click != won).Select(lost => (lost.Code, lost.Text("code"))).Single());
            var winner = clicks[0] == won ? member : second;
            rung++;
            await Waiting.UntilAsync("the phone to be rung", Soon, () => Invites(phones, one).Count + Invites(phones, another).Count == rung);
            await winner.CancelAsync(won.Id);
            await winner.EndsAsync(won.Id);
        }

        Assert.Equal(rung, Invites(phones, one).Count + Invites(phones, another).Count);
    }

    [Fact]
    public async Task An_incoming_INVITE_gets_the_configured_answer() =>
        Assert.Equal(0, await SippCaller.CallAsync(two.Sip, TimeSpan.Zero, TimeSpan.Zero, refusal: 480, script: "refused"));

    /// <summary>
    /// The INVITEs of one call's number. A phone may see those of earlier calls too: an INVITE that nothing answers is repeated until its
    /// transaction ends (RFC 3261 section 17.1.1.2).
    /// </summary>
    static List<WireMessage> Invites(SippPhone phone, string number) =>
        [.. phone.Received("INVITE").Where(invite => invite.StartLine.Contains(number[^8..], StringComparison.Ordinal))];
}
