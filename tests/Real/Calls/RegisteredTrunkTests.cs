using System.Globalization;
using System.Net;
using System.Text.Json;
using OrleansCallback.Load.Processes;
using OrleansCallback.Tests.Kamailio;
using OrleansCallback.Tests.Processes;
using OrleansCallback.Tests.Sipp;

namespace OrleansCallback.Tests.Calls;

/// <summary>
/// A silo whose carrier is Kamailio, which lets only registered users call: the members' trunk registers at its own address over UDP, the
/// merchants' trunk another account at a named registrar over TCP.
/// </summary>
public sealed class RegisteredTrunkTests(PostgresServer server) : IAsyncLifetime
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    readonly IPEndPoint carrier = FreePorts.Udp("127.0.0.5"), memberPhone = FreePorts.Udp("127.0.0.2"), merchantPhone = FreePorts.Udp("127.0.0.3");
    KamailioRegistrar kamailio = null!;
    CallSite site = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        kamailio = await KamailioRegistrar.StartAsync(carrier, memberPhone, merchantPhone);
        site = await CallSite.StartAsync(await server.CreateDatabaseAsync(), new Dictionary<string, string>
        {
            [$"Trunks__{CallSite.MemberTrunk}__Address"] = $"{carrier}",
            [$"Trunks__{CallSite.MemberTrunk}__Register"] = "true",
            [$"Trunks__{CallSite.MemberTrunk}__RegisterExpires"] = "00:00:05",
            [$"Trunks__{CallSite.MemberTrunk}__Username"] = KamailioRegistrar.User,
            [$"Trunks__{CallSite.MemberTrunk}__Password"] = KamailioRegistrar.Password,
            [$"Trunks__{CallSite.MerchantTrunk}__Address"] = $"{carrier}",
            [$"Trunks__{CallSite.MerchantTrunk}__Transport"] = "tcp",
            [$"Trunks__{CallSite.MerchantTrunk}__Register"] = string.Create(CultureInfo.InvariantCulture, $"sip:{KamailioRegistrar.MerchantAccount}@{carrier}"),
            [$"Trunks__{CallSite.MerchantTrunk}__RegisterExpires"] = "00:00:05",
            [$"Trunks__{CallSite.MerchantTrunk}__Username"] = KamailioRegistrar.User,
            [$"Trunks__{CallSite.MerchantTrunk}__Password"] = KamailioRegistrar.Password,
        });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (site is not null) await site.DisposeAsync();
        if (kamailio is not null) await kamailio.DisposeAsync();
    }

    [Fact]
    public async Task Trunks_are_registered_refreshed_registered_again_after_a_restart_of_the_carrier_and_taken_back_by_a_drain()
    {
        await using var member = await SippPhone.StartAsync(memberPhone, PhoneScript.Answers);
        await using var merchant = await SippPhone.StartAsync(merchantPhone, PhoneScript.Answers);
        await RefusesWrongSettingsAsync();
        await StateAsync(CallSite.MemberTrunk, "registered");
        await StateAsync(CallSite.MerchantTrunk, "registered");
        await CountedAsync(2);
        await BridgesAsync(1);

        // Whoever is not registered any more is asked for no call, though the carrier would still take it.
        await ChangeAsync(new { password = "wrong" });
        var failed = await StateAsync(CallSite.MemberTrunk, "failed");
        Assert.Equal((401, "unregistered"), (failed.GetProperty("code").GetInt32(), (await TrunkAsync(CallSite.MemberTrunk)).GetProperty("condition").GetString()));
        Assert.Contains("password", failed.GetProperty("reason").GetString(), StringComparison.Ordinal);
        await CountedAsync(1);
        using (var refused = await site.MemberAsync(Scene.Plenty))
        {
            var answer = await refused.PlaceAsync("member-pays");
            var outcome = answer.Code == HttpStatusCode.Accepted ? (await refused.EndsAsync(answer.Id)).Outcome : answer.Text("code");
            Assert.Equal("trunk_unavailable", outcome);
        }

        await ChangeAsync(new { password = KamailioRegistrar.Password });
        await StateAsync(CallSite.MemberTrunk, "registered");
        var before = kamailio.Registered(KamailioRegistrar.MemberAccount);
        await Waiting.UntilAsync("refreshes of both trunks", Soon, () =>
            kamailio.Registered(KamailioRegistrar.MemberAccount) > before + 1 && kamailio.Registered(KamailioRegistrar.MerchantAccount) > 2, () => kamailio.Log);
        Assert.True(kamailio.Stale > 0, kamailio.Log);

        await kamailio.DisposeAsync();
        var lost = await StateAsync(CallSite.MemberTrunk, "failed");
        Assert.Contains("does not answer", lost.GetProperty("reason").GetString(), StringComparison.Ordinal);
        await StateAsync(CallSite.MerchantTrunk, "failed");
        kamailio = await KamailioRegistrar.StartAsync(carrier, memberPhone, merchantPhone);
        await StateAsync(CallSite.MemberTrunk, "registered");
        await StateAsync(CallSite.MerchantTrunk, "registered");
        await BridgesAsync(1);

        await ComesAndGoesAsync();
        site.Silos[0].Program.AskToEnd();
        await site.Silos[0].Program.EndedAsync();
        Assert.Equal((2, 1), (kamailio.TakenBack(KamailioRegistrar.MemberAccount), kamailio.TakenBack(KamailioRegistrar.MerchantAccount)));
        Assert.DoesNotContain(KamailioRegistrar.Password, site.Silos[0].Program.Output, StringComparison.Ordinal);
    }

    /// <summary>Each wrong setting of registration is refused with what to write.</summary>
    async Task RefusesWrongSettingsAsync()
    {
        foreach (var (body, word) in new (object, string)[]
        {
            (new { username = "" }, "username"), (new { register = "http://x" }, "register"), (new { register = "sip:127.0.0.5" }, "port"),
            (new { register_expires_seconds = 1 }, "register_expires_seconds"), (new { register_expires_seconds = 1e6 }, "register_expires_seconds"),
        })
        {
            var answer = await site.Admin.PutAsync($"/v1/admin/trunks/{CallSite.MemberTrunk}", body);
            Assert.Equal((HttpStatusCode.UnprocessableEntity, "invalid_request"), (answer.Code, answer.Text("code")));
            Assert.Contains(word, answer.Text("detail"), StringComparison.Ordinal);
        }
    }

    /// <summary>A trunk that no longer registers is taken back and takes calls as any other; one that does again is registered again.</summary>
    async Task ComesAndGoesAsync()
    {
        await ChangeAsync(new { register = "", password = KamailioRegistrar.Password });
        await Waiting.UntilAsync("the account to be taken back", Soon, () => kamailio.TakenBack(KamailioRegistrar.MemberAccount) == 1, () => kamailio.Log);
        await Waiting.UntilAsync("the trunk to show no registration", Soon, async () => await RegistrationAsync(CallSite.MemberTrunk) is null);
        Assert.Equal("up", (await TrunkAsync(CallSite.MemberTrunk)).GetProperty("condition").GetString());
        await ChangeAsync(new { register = "true", password = KamailioRegistrar.Password });
        await StateAsync(CallSite.MemberTrunk, "registered");
    }

    /// <summary>A callback reaches both phones through the carrier, one by each transport.</summary>
    async Task BridgesAsync(int calls)
    {
        using var client = await site.MemberAsync(Scene.Plenty);
        var placed = await client.PlaceAsync("member-pays");
        Assert.True(placed.Code == HttpStatusCode.Accepted, $"{placed.Code} {placed.Body}\n{kamailio.Log}");
        await client.ReachesAsync(placed.Id, "bridged", Soon);
        await client.CancelAsync(placed.Id);
        var end = await client.EndsAsync(placed.Id);
        Assert.True(end.Outcome == "bridged", $"{end.Body}\n{kamailio.Log}");
        await site.IsSettledAsync(placed.Id);
        Assert.Equal(calls, kamailio.Calls(KamailioRegistrar.MemberAccount, "udp"));
        Assert.Equal(calls, kamailio.Calls(KamailioRegistrar.MerchantAccount, "tcp"));
    }

    /// <summary>The page of metrics is kept for some 300 ms.</summary>
    Task CountedAsync(int trunks) => Waiting.UntilAsync($"{trunks} trunks to be counted as registered", Soon, async () =>
        await Metrics.SumAsync(site.Silos[0].Http, "callback_trunk_registered") == trunks);

    async Task ChangeAsync(object body)
    {
        var answer = await site.Admin.PutAsync($"/v1/admin/trunks/{CallSite.MemberTrunk}", body);
        Assert.True(answer.Code == HttpStatusCode.OK, $"{answer.Code} {answer.Body}");
    }

    async Task<JsonElement> StateAsync(string trunk, string state)
    {
        string last = "";
        await Waiting.UntilAsync($"trunk {trunk} to be {state}", Soon, async () =>
            (last = $"{await RegistrationAsync(trunk)}").Contains($"\"state\":\"{state}\"", StringComparison.Ordinal), () => $"{last}\n{kamailio.Log}");
        return (await RegistrationAsync(trunk))!.Value;
    }

    async Task<JsonElement?> RegistrationAsync(string trunk)
    {
        var owners = (await TrunkAsync(trunk)).GetProperty("owners");
        return owners.GetArrayLength() == 0 || owners[0].GetProperty("registration") is not { ValueKind: JsonValueKind.Object } found ? null : found;
    }

    async Task<JsonElement> TrunkAsync(string id) => (await site.Admin.ReadAsync($"/v1/admin/trunks/{id}")).Body;
}
