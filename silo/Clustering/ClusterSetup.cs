using System.Net;
using Orleans.Configuration;
using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;
using OrleansCallback.Calls;
using OrleansCallback.Silo.Ledger;
using OrleansCallback.Silo.Settings;
using OrleansCallback.Trunks;

namespace OrleansCallback.Silo.Clustering;

static class ClusterSetup
{
    const string SqliteInvariant = "System.Data.SQLite";

    /// <summary>Joins the cluster: through PostgreSQL where the store is PostgreSQL, else a cluster of this machine alone.</summary>
    public static void AddCluster(this ISiloBuilder silo, IConfiguration configuration, LedgerOptions ledger)
    {
        var settings = configuration.GetSection("Silo").Get<SiloSettings>() ?? new();
        var address = IPAddress.TryParse(settings.Address, out var parsed) ? parsed : IPAddress.Loopback;
        var port = FreePort.For(settings.Port, address);
        var gateway = FreePort.For(settings.GatewayPort, address);

        if (ledger.IsPostgres)
        {
            silo.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (ClusterIdentity.PostgresInvariant, ledger.ConnectionString));
            silo.ConfigureEndpoints(address, port, gateway, listenOnAnyHostAddress: false);
            silo.Configure<ClusterOptions>(options => options.ClusterId = options.ServiceId = ClusterIdentity.Name);
        }
        else
        {
            silo.UseLocalhostClustering(port, gateway, serviceId: ClusterIdentity.Name, clusterId: ClusterIdentity.Name);
        }

        if (settings.Name.Length > 0) silo.Configure<SiloOptions>(options => options.SiloName = settings.Name);

        // A killed silo is noticed in under 3 s instead of 10.6: its calls wait for nothing but that.
        silo.Configure<ClusterMembershipOptions>(options => options.ProbeTimeout = TimeSpan.FromSeconds(1));
        silo.AddAdoNetGrainStorage("cold", options =>
        {
            (options.Invariant, options.ConnectionString) = ledger.IsPostgres
                ? (ClusterIdentity.PostgresInvariant, ledger.ConnectionString)
                : (SqliteInvariant, $"Data Source={ledger.File}");
            options.GrainStorageSerializer = new GrainStateSerializer();
        });

        // With the default directory the stop of one silo deactivated grains on the survivors; with this one it did not.
#pragma warning disable ORLEANSEXP003 // Experimental, and the reason above outweighs it.
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003

        // After a crash the directory would keep the grains of the lost silo from coming back for some 18 s, lest one be active twice. Here
        // SQL fences a second activation, and a call whose session was lost needs it back at once to hang up the other leg.
        silo.Configure<GrainDirectoryOptions>(options => options.RangeLeaseDuration = TimeSpan.Zero);
        silo.AddActivityPropagation();
        silo.Services.AddDatabaseExceptions();
        silo.UseSiloMetadata(TrunkMetadata(configuration));
        silo.Services.AddPlacementFilter<OwnsTrunkFilter, OwnsTrunkDirector>(ServiceLifetime.Singleton);
    }

    static Dictionary<string, string> TrunkMetadata(IConfiguration configuration)
    {
        var trunks = new TrunksOptions();
        SettingsSetup.BindTrunks(configuration, trunks);
        return new TrunkPlan(trunks, null).Owned().ToDictionary(OwnsTrunkFilter.Entry, _ => "1");
    }
}
