using System.Globalization;
using System.Net;
using System.Text.Json;
using OrleansCallback.Load.Processes;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Calls;

/// <summary>The scenarios on <see cref="TwoTrunks"/>, one after the other: they share its trunks.</summary>
[CollectionDefinition(Name)]
public sealed class TwoTrunksScenarios : ICollectionFixture<TwoTrunks>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "scenarios on two trunks";
}

/// <summary>One silo whose member numbers have a route of two trunks: members, then idle. Two web nodes.</summary>
public sealed class TwoTrunks(PostgresServer server) : IAsyncLifetime
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    static int changes, calls;

    CallSite? site;

    /// <summary>The site.</summary>
    public CallSite Site => site ?? throw new InvalidOperationException("The site has not been started.");

    /// <summary>The second web node.</summary>
    public WebProcess SecondWeb { get; private set; } = null!;

    /// <summary>Where the silo takes SIP.</summary>
    public IPEndPoint Sip { get; } = FreePorts.Udp("127.0.0.1");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var database = await server.CreateDatabaseAsync();
        site = await CallSite.StartAsync(database, new Dictionary<string, string>
        {
            ["Routes__4930231250__0__Trunk"] = CallSite.MemberTrunk,
            ["Routes__4930231250__1__Trunk"] = CallSite.IdleTrunk,
            ["Routes__4930231250__1__Priority"] = "1",
            ["Calls__RingLimitA"] = "00:00:09",
            ["Calls__ResponseLimit"] = "00:00:03",
            ["Sip__Port"] = Sip.Port.ToString(CultureInfo.InvariantCulture),
            ["Sip__IncomingAnswer"] = "480",
            ["Trunks__idle__NumberFormat"] = "national:49",
            ["Trunks__idle__CallerIdFrom"] = "merchant",
            ["Trunks__idle__AssertedIdentity"] = "true",
            ["Trunks__idle__Codecs"] = "PCMA",
            ["Trunks__idle__UserAgent"] = "Sample Works",
            ["Trunks__idle__Headers__X-Account"] = "77",
        });
        SecondWeb = await WebProcess.ClientAsync(database);
    }

    /// <summary>Number of the last call of <see cref="EndAsync"/>.</summary>
    public string LastNumber { get; private set; } = "";

    /// <summary>Places a callback of a member of its own and waits for its end; says how it ended and which trunk carried leg A at last.</summary>
    public async Task<(string? Outcome, string? Trunk)> EndAsync()
    {
        using var member = await Site.MemberAsync(Scene.Plenty);
        LastNumber = CallSite.MemberNumber(20 + Interlocked.Increment(ref calls) % 50);
        var placed = await member.PlaceAsync("member-pays", number: LastNumber);
        Assert.True(placed.Code == HttpStatusCode.Accepted, $"{placed.Code} {placed.Body}");
        var end = await member.EndsAsync(placed.Id);
        await Site.IsSettledAsync(placed.Id);
        return (end.Outcome, await Site.Books.TrunkOfAsync(placed.Id, 'a'));
    }

    /// <summary>A trunk as the API shows it.</summary>
    public async Task<JsonElement> TrunkAsync(string id) => (await Site.Admin.ReadAsync($"/v1/admin/trunks/{id}")).Body;

    /// <summary>Waits until a trunk is in this condition.</summary>
    public Task IsAsync(string id, string condition) => Waiting.UntilAsync($"trunk {id} to be {condition}", Soon, async () =>
        (await TrunkAsync(id)).GetProperty("condition").GetString() == condition);

    /// <summary>
    /// Changes a trunk and waits until the silo has taken it over and has its share anew: a limit of channels that was never there before tells
    /// the new share from the old one.
    /// </summary>
    public async Task ChangeAsync(string id, object body)
    {
        var channels = 100 + Interlocked.Increment(ref changes);
        foreach (var change in new[] { body, new { max_channels = channels } })
        {
            var answer = await Site.Admin.PutAsync($"/v1/admin/trunks/{id}", change);
            Assert.True(answer.Code == HttpStatusCode.OK, $"{answer.Code} {answer.Body}");
        }

        await InForceAsync(id);
        await Waiting.UntilAsync($"trunk {id} to have its new share", Soon, async () =>
            (await TrunkAsync(id)).GetProperty("owners").EnumerateArray().Sum(owner => owner.GetProperty("channels").GetInt32()) == channels);
    }

    /// <summary>Waits until the silo has taken all changes over and a trunk takes calls.</summary>
    public async Task InForceAsync(string id)
    {
        var version = (await Site.Admin.ReadAsync("/v1/admin/trunks")).Body.GetProperty("version").GetInt64();
        await Waiting.UntilAsync($"version {version} of the trunks to be in force", Soon, async () =>
            await Metrics.SumAsync(Site.Silos[0].Http, "callback_trunk_version") >= version);
        await Waiting.UntilAsync($"trunk {id} to have an owner and to be up", Soon, async () =>
            await TrunkAsync(id) is var trunk && trunk.GetProperty("owners").GetArrayLength() > 0 && trunk.GetProperty("condition").GetString() == "up");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (SecondWeb is not null) await SecondWeb.DisposeAsync();
        if (site is not null) await site.DisposeAsync();
    }
}
