using System.Globalization;
using System.Net;
using OrleansCallback.Load.Processes;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Calls;

/// <summary>
/// A running site of real processes: silos and one web node on a PostgreSQL database, one trunk towards the members' phones and one towards
/// the merchants'.
/// </summary>
public sealed class CallSite : IAsyncDisposable
{
    /// <summary>Trunk of leg A.</summary>
    public const string MemberTrunk = "members";

    /// <summary>Trunk of leg B.</summary>
    public const string MerchantTrunk = "merchants";

    /// <summary>Number of every merchant.</summary>
    public const string MerchantNumber = "+493023125100";

    /// <summary>A merchant who is paid for by the member and whose phone is behind the members' trunk.</summary>
    public const string NearMerchant = "near";

    /// <summary>Price of a second of leg A in micro-units.</summary>
    public const long MemberRate = 200;

    /// <summary>Price of a second of leg B in micro-units.</summary>
    public const long MerchantRate = 300;

    /// <summary>A trunk that no number leads to, for a silo that is to hold no leg.</summary>
    public const string IdleTrunk = "idle";

    static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    static int members;

    CallSite(IReadOnlyList<SiloProcess> silos, WebProcess web, SiteClient admin, string database, IReadOnlyDictionary<string, TrunkPlan> trunks)
    {
        (Silos, Web, Admin, Books) = (silos, web, admin, new CallBooks(database));
        (MemberPhone, MerchantPhone, IdlePhone) = (trunks[MemberTrunk].Address, trunks[MerchantTrunk].Address, trunks[IdleTrunk].Address);
    }

    /// <summary>The silos in the order of their plans.</summary>
    public IReadOnlyList<SiloProcess> Silos { get; }

    /// <summary>The web node.</summary>
    public WebProcess Web { get; }

    /// <summary>A login with all roles.</summary>
    public SiteClient Admin { get; }

    /// <summary>The database's view.</summary>
    public CallBooks Books { get; }

    /// <summary>Where the members' phones are to listen.</summary>
    public IPEndPoint MemberPhone { get; }

    /// <summary>Where the merchants' phones are to listen.</summary>
    public IPEndPoint MerchantPhone { get; }

    /// <summary>Where phones behind the idle trunk are to listen.</summary>
    public IPEndPoint IdlePhone { get; }

    /// <summary>Applies the schema, starts silos and web, sets up merchants.</summary>
    /// <param name="database">An empty PostgreSQL database.</param>
    /// <param name="more">More settings of every silo.</param>
    /// <param name="owned">The trunks of each silo; none: one silo that owns both.</param>
    public static async Task<CallSite> StartAsync(string database, IReadOnlyDictionary<string, string>? more = null, params string[][] owned)
    {
        var trunks = new Dictionary<string, TrunkPlan>
        {
            [MemberTrunk] = new(FreePorts.Udp("127.0.0.2"), "+4930231250", MemberRate),
            [MerchantTrunk] = new(FreePorts.Udp("127.0.0.3"), "+4930231251", MerchantRate),
            [IdleTrunk] = new(FreePorts.Udp("127.0.0.4"), "+4930231259", MerchantRate),
        };
        var plans = (owned.Length == 0 ? [[]] : owned)
            .Select((ids, n) => new SiloPlan { Name = $"silo-{n}", Database = database, Trunks = trunks, Owned = ids, More = more ?? new Dictionary<string, string>() })
            .ToList();
        await SiloProcess.MigrateAsync(plans[0]);
        var starting = plans.Select(SiloProcess.StartAsync).ToList();
        WebProcess? web = null;
        try
        {
            var silos = await Task.WhenAll(starting);
            web = await WebProcess.ClientAsync(database);
            var admin = await SiteClient.LogInAsync(web.Http, WebProcess.Admin, WebProcess.AdminPassword);
            var site = new CallSite(silos, web, admin, database, trunks);
            await site.SetUpMerchantsAsync();
            await site.WarmUpAsync();
            return site;
        }
        catch
        {
            // What has started would outlive the test run.
            if (web is not null) await web.DisposeAsync();
            foreach (var silo in starting.Where(s => s.IsCompletedSuccessfully)) await (await silo).DisposeAsync();
            throw;
        }
    }

    /// <summary>A number of a member's phone; no two of 100 in a row are alike.</summary>
    public static string MemberNumber(int n) => string.Create(CultureInfo.InvariantCulture, $"+4930231250{n % 100:00}");

    /// <summary>A member of its own with so much money, logged in.</summary>
    public async Task<SiteClient> MemberAsync(long credit)
    {
        const string password = "a member's secret";
        var number = Interlocked.Increment(ref members);
        var account = string.Create(CultureInfo.InvariantCulture, $"member-{number}");
        await Admin.PutMemberAsync(account, password, MemberNumber(number));
        if (credit > 0) await Admin.TopUpAsync($"member/{account}", credit);
        return await SiteClient.LogInAsync(Web.Http, account, password);
    }

    /// <summary>Waits until what an administrator wrote of a trunk is in force on the first silo, and the trunk is up.</summary>
    public async Task TrunkInForceAsync(string id)
    {
        var version = (await Admin.ReadAsync("/v1/admin/trunks")).Body.GetProperty("version").GetInt64();
        await Waiting.UntilAsync($"version {version} of the trunks to be in force", Soon, async () =>
            await Metrics.SumAsync(Silos[0].Http, "callback_trunk_version") >= version);
        await Waiting.UntilAsync($"trunk {id} to have an owner and to be up", Soon, async () =>
            (await Admin.ReadAsync($"/v1/admin/trunks/{id}")).Body is var trunk
            && trunk.GetProperty("owners").GetArrayLength() > 0 && trunk.GetProperty("condition").GetString() == "up");
    }

    /// <summary>Waits until every call has ended; each given one has one CDR, the books balance and nothing is left.</summary>
    public async Task IsSettledAsync(params string[] callbacks)
    {
        await Waiting.UntilAsync("all holds to be resolved", TimeSpan.FromSeconds(10), async () => await Books.PendingHoldsAsync() == 0);
        await Waiting.UntilAsync("all calls to have ended", TimeSpan.FromSeconds(10), async () => await Books.LiveCallbacksAsync() == 0);
        foreach (var callback in callbacks) Assert.Equal(1, await Books.CdrsOfAsync(callback));
        Assert.Empty(await Books.ViolationsAsync());
        await NothingIsLeftAsync();
    }

    /// <summary>Waits until no silo has a leg, call or open audio port any more.</summary>
    public async Task NothingIsLeftAsync()
    {
        foreach (var silo in Silos.Where(s => !s.Program.HasEnded))
            foreach (var gauge in Gauges)
                await Waiting.UntilAsync(
                    $"{gauge} of {silo.Program.Name} to be 0", TimeSpan.FromSeconds(10), async () => await Metrics.SumAsync(silo.Http, gauge) == 0);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await Web.DisposeAsync();
        foreach (var silo in Silos) await silo.DisposeAsync();
    }

    static readonly string[] Gauges = ["callback_legs_live", "media_legs"];

    async Task SetUpMerchantsAsync()
    {
        await Admin.PutMerchantAsync("member-pays", MerchantNumber, "member");
        await Admin.PutMerchantAsync(NearMerchant, MemberNumber(99), "member");
        await Admin.PutMerchantAsync("merchant-pays", MerchantNumber, "merchant");
        await Admin.PutMerchantAsync("sponsor-pays", MerchantNumber, "sponsor", "brand");
        await Admin.TopUpAsync("merchant/merchant-pays", 10_000_000);
        await Admin.TopUpAsync("sponsor/brand", 10_000_000);
    }

    /// <summary>A cold cluster on a busy machine may need more than the 2 s of an admission: one that cannot be paid shows that it is warm.</summary>
    async Task WarmUpAsync()
    {
        using var poor = await MemberAsync(0);
        await Waiting.UntilAsync("an admission to be decided", TimeSpan.FromSeconds(20), async () =>
            (await poor.PlaceAsync("member-pays")).Code == HttpStatusCode.PaymentRequired);
    }
}
