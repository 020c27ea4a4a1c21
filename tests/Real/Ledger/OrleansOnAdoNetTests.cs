using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Storage;

namespace OrleansCallback.Tests.Ledger;

/// <summary>Orleans runs on the tables and queries of our schema: membership in PostgreSQL, grain state in either database.</summary>
public sealed class OrleansOnAdoNetTests(PostgresServer server)
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_silo_joins_over_PostgreSQL_and_its_grain_state_is_written_read_and_cleared()
    {
        await using var under = await LedgerUnderTest.OnPostgresAsync(await server.CreateDatabaseAsync());
        using var silo = await StartAsync("Npgsql", under.Options.ConnectionString, clustered: true);
        Assert.Equal(1, await under.CountAsync("select count(*) from cluster_silo where status = 3"));
        await WriteReadAndClearAsync(silo);
        await silo.StopAsync(Stop);
        Assert.Equal(1, await under.CountAsync("select count(*) from cluster_silo where status = 6"));
    }

    [Fact]
    public async Task A_second_silo_sees_the_first_and_a_dead_one_is_cleaned_up()
    {
        await using var under = await LedgerUnderTest.OnPostgresAsync(await server.CreateDatabaseAsync());
        using var first = await StartAsync("Npgsql", under.Options.ConnectionString, clustered: true);
        using var second = await StartAsync("Npgsql", under.Options.ConnectionString, clustered: true);
        var management = first.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
        Assert.Equal(2, (await management.GetHosts(onlyActive: true, Stop)).Count);

        await second.StopAsync(Stop);
        var table = first.Services.GetRequiredService<IMembershipTable>();
        await table.CleanupDefunctSiloEntriesAsync(DateTimeOffset.UtcNow.AddMinutes(1), Stop);
        Assert.Equal(1, await under.CountAsync("select count(*) from cluster_silo"));
        await first.StopAsync(Stop);
    }

    [Fact]
    public async Task Grain_state_in_SQLite_is_written_read_and_cleared()
    {
        await using var under = await LedgerUnderTest.OnSqliteAsync();
        using var silo = await StartAsync("System.Data.SQLite", $"Data Source={under.Options.File}", clustered: false);
        await WriteReadAndClearAsync(silo);
        await silo.StopAsync(Stop);
    }

    static async Task WriteReadAndClearAsync(IHost silo)
    {
        var storage = silo.Services.GetRequiredKeyedService<IGrainStorage>("cold");
        var id = GrainId.Create("member", "member-demo/alice");
        var mine = new GrainState<Kept>(new() { Text = "first" });
        await storage.WriteStateAsync("kept", id, mine);
        var read = new GrainState<Kept>(new());
        await storage.ReadStateAsync("kept", id, read);
        Assert.Equal(("first", mine.ETag, true), (read.State!.Text, read.ETag, read.RecordExists));

        var late = new GrainState<Kept>(new() { Text = "also first" });
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("kept", id, late));
        mine.State!.Text = "second";
        await storage.WriteStateAsync("kept", id, mine);
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("kept", id, read));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("kept", id, read));

        await storage.ClearStateAsync("kept", id, mine);
        await storage.ReadStateAsync("kept", id, read);
        Assert.False(read.RecordExists);
        read.State!.Text = "third";
        await storage.WriteStateAsync("kept", id, read);
        await storage.ReadStateAsync("kept", id, late);
        Assert.Equal("third", late.State!.Text);
        await OneOfTwoFirstWritersWinsAsync(storage);
    }

    static async Task OneOfTwoFirstWritersWinsAsync(IGrainStorage storage)
    {
        for (var n = 0; n < 10; n++)
        {
            var id = GrainId.Create("member", $"member-demo/m{n}");
            var won = await Task.WhenAll(Enumerable.Range(0, 2).Select(async writer =>
            {
                try
                {
                    await storage.WriteStateAsync("kept", id, new GrainState<Kept>(new() { Text = $"{writer}" }));
                    return 1;
                }
                catch (InconsistentStateException)
                {
                    return 0;
                }
            }));
            Assert.Equal(1, won.Sum());
        }
    }

    static async Task<IHost> StartAsync(string invariant, string connectionString, bool clustered)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddProvider(new TestLog());
        builder.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("test", "orleanscallback"));
            var (siloPort, gatewayPort) = (FreePort(), FreePort());
            if (clustered)
            {
                silo.ConfigureEndpoints(IPAddress.Loopback, siloPort, gatewayPort);
                silo.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (invariant, connectionString));
            }
            else
            {
                silo.UseLocalhostClustering(siloPort, gatewayPort);
            }

            silo.AddAdoNetGrainStorage("cold", options => (options.Invariant, options.ConnectionString) = (invariant, connectionString));
        });
        var host = builder.Build();
        await host.StartAsync(Stop);
        return host;
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GenerateSerializer, Alias("LedgerTestsKept")]
    internal sealed class Kept
    {
        [Id(0)] public string Text { get; set; } = "";
    }
}
