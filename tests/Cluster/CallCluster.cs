using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Orleans.Configuration;
using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Storage;
using Orleans.TestingHost;
using OrleansCallback.Calls;
using OrleansCallback.Merchants;
using OrleansCallback.Rates;
using OrleansCallback.Trunks;
using OrleansCallback.Wallets;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(OrleansCallback.Tests.CallCluster))]

// One clock for all: a test that turns it must not run out the limits of another.
[assembly: Parallelization(Mode = ParallelMode.None)]

namespace OrleansCallback.Tests;

/// <summary>One silo with a ledger and legs of the tests, and a clock that the tests turn. All tests share it; each has its own site.</summary>
public sealed class CallCluster : IAsyncLifetime
{
    /// <summary>Longest that a test waits for anything.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(50);

    /// <summary>As many grains as one step of a call goes through.</summary>
    const int TripsATurn = 4;

    InProcessTestCluster cluster = null!;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero));

    public FakeLedger Ledger { get; } = new();

    public FakeLegs Legs { get; } = new();

    public FakeLiveness Liveness { get; } = new();

    public FakeOffers Offers { get; } = new();

    public FakeStorage Storage { get; } = new();

    /// <summary>The decks in force; a test that changes them sets them back.</summary>
    public RateCatalog Rates { get; } = new(RatesTests.Book);

    /// <summary>What the sites choose; a test that changes it sets it back.</summary>
    public CallOptions Options { get; } = new() { OneAtATime = false };

    public IGrainFactory Grains => cluster.Client;

    public string Silo => cluster.Silos[0].SiloAddress.ToParsableString();

    public async ValueTask InitializeAsync()
    {
        Legs.Time = Time;
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMemoryGrainStorage("memory");
            silo.Services.AddKeyedSingleton("cold", (services, _) => Storage.Over(services.GetRequiredKeyedService<IGrainStorage>("memory")));
            silo.UseSiloMetadata(new Dictionary<string, string> 
            {
                [OwnsTrunkFilter.Entry("carrier")] = "1",
                [OwnsTrunkFilter.Entry("second")] = "1",
                [OwnsTrunkFilter.Entry("third")] = "1",
                [OwnsTrunkFilter.Entry("shown")] = "1",
                [OwnsTrunkFilter.Entry("far")] = "1",
                [OwnsTrunkFilter.Entry("decked")] = "1",
            });
            silo.Services.AddPlacementFilter<OwnsTrunkFilter, OwnsTrunkDirector>(ServiceLifetime.Singleton);
            silo.Services.AddSingleton(new CallClock(Time));
            silo.Services.AddSingleton<ILedger>(Ledger);
            silo.Services.AddSingleton<ILedgerReader, FakeLedgerReader>();
            silo.Services.AddSingleton<ICallLegs>(Legs);
            silo.Services.AddSingleton<ISiloLiveness>(Liveness);
            silo.Services.AddSingleton<ITrunkOffers>(Offers);
            silo.Services.AddSingleton(Microsoft.Extensions.Options.Options.Create(Options));
            silo.Services.Configure<TrunksOptions>(options =>
            {
                options.Trunks["carrier"] = Trunk(10_000, "+49");
                options.Trunks["far"] = Trunk(10_000, "+43");
                options.Trunks["second"] = Trunk(40_000, "+4360");
                options.Trunks["third"] = Trunk(20_000, "+4360");
                options.Routes["+4940"] = [new("carrier"), new("second", 1), new("third", 2)];
                options.Trunks["shown"] = Trunk(10_000, "+4171");
                options.Trunks["shown"].CallerIdFrom = CallerIdFrom.Member;
                options.Trunks["free"] = Trunk(0, "+44");
                options.Trunks["decked"] = Trunk(0, "+4470");
                options.Trunks["orphan"] = Trunk(10_000, "+33");
                options.Trunks["unrated"] = Trunk(-1, "+39");
            });
            silo.Services.AddSingleton(Rates);
            silo.Services.AddCalls();
        });
        cluster = builder.Build();
        await cluster.DeployAsync();
        Legs.Grains = Grains;
    }

    public async ValueTask DisposeAsync() => await cluster.DisposeAsync();

    /// <summary>
    /// Turns the clock until a task is done: whoever waits for time gets on with it. Between two turns a call goes to the silo and back, so that
    /// the clock is never faster than the silo's own work, however slow the machine is.
    /// </summary>
    public async Task<T> WhileTimePasses<T>(Task<T> task, TimeSpan? most = null)
    {
        var echo = Grains.GetGrain<IMerchantGrain>(GrainKeys.Merchant("clock", "nobody"));
        var end = Time.GetUtcNow() + (most ?? TimeSpan.FromMinutes(3));
        while (!task.IsCompleted)
        {
            if (Time.GetUtcNow() > end) throw new TimeoutException("The clock was turned far enough.");
            for (var trips = 0; trips < TripsATurn && !task.IsCompleted; trips++) await echo.Get();
            Time.Advance(Turn);
        }

        return await task;
    }

    static TrunkOptions Trunk(long rate, string prefix) => new() { RatePerSecond = rate, Address = "192.0.2.1:5060", Prefixes = { prefix } };
}

/// <summary>Which silos the test says are gone.</summary>
public sealed class FakeLiveness : ISiloLiveness
{
    public HashSet<string> Dead { get; } = [];

    public Task<IReadOnlySet<string>> Gone(IReadOnlyCollection<string> silos) =>
        Task.FromResult<IReadOnlySet<string>>(silos.Where(Dead.Contains).ToHashSet());
}

/// <summary>What the test's silo says when a trunk's grain that is new asks it.</summary>
public sealed class FakeOffers : ITrunkOffers
{
    public event Action? Changed
    {
        add { }
        remove { }
    }

    /// <summary>Offers by trunk; null: making it fails.</summary>
    public Dictionary<string, TrunkOffer?> Offers { get; } = [];

    public System.Collections.Concurrent.ConcurrentBag<string> Leases { get; } = [];

    public string Site => "";

    public IReadOnlyList<string> Trunks() => [.. Offers.Keys];

    public TrunkOffer? Next(string trunk) =>
        Offers.TryGetValue(trunk, out var offer) ? offer ?? throw new TimeoutException($"Nobody knows {trunk}.") : null;

    public bool Leased(string trunk, TrunkOffer offer, TrunkLease lease, long askedAt)
    {
        Leases.Add(trunk);
        return true;
    }
}
