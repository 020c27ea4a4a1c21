using Orleans.Configuration;
using OrleansCallback.Silo.Clustering;
using OrleansCallback.Web.Embedded;
using OrleansCallback.Web.Settings;

namespace OrleansCallback.Web.Cluster;

/// <summary>Where the grains are: in this process, or in a cluster of silos found through PostgreSQL.</summary>
public static class ClusterSetup
{
    /// <summary>Chooses by the setting <c>Store</c>.</summary>
    public static WebApplicationBuilder AddCluster(this WebApplicationBuilder builder)
    {
        var embedded = builder.Configuration["Store"] != WebOptions.ClusterStore;
        if (embedded)
            builder.AddEmbeddedSilo();
        else
            builder.AddClusterClient();
        builder.Services.AddHostedService<FirstAdmin>();
        if (embedded)
            builder.AddSeed();
        return builder;
    }

    /// <summary>Above the 2 s that a grain takes at most to answer.</summary>
    static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    static void AddClusterClient(this WebApplicationBuilder builder)
    {
        var database = builder.Configuration.GetConnectionString("Ledger");
        builder.UseOrleansClient(client => client
            .UseAdoNetClustering(options =>
            {
                options.Invariant = ClusterIdentity.PostgresInvariant;
                options.ConnectionString = database ?? "";
            })
            // A call to a grain whose silo has just died is answered by 503 in time for the caller to ask again, which finds the grain elsewhere.
            .Configure<ClientMessagingOptions>(options => options.ResponseTimeout = AnswerLimit)
            .Configure<ClusterOptions>(options => options.ClusterId = options.ServiceId = ClusterIdentity.Name)
            .AddActivityPropagation());
    }
}
