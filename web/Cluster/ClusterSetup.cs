using System.Net;
using Orleans.Configuration;
using OrleansCallback.Silo.Clustering;
using OrleansCallback.Web.Embedded;
using OrleansCallback.Web.Settings;

namespace OrleansCallback.Web.Cluster;

/// <summary>Where the grains are: in this process, in one silo beside it, or in a cluster of silos found through PostgreSQL.</summary>
public static class ClusterSetup
{
    /// <summary>Chooses by the settings <c>Store</c> and <c>Gateway</c>.</summary>
    public static WebApplicationBuilder AddCluster(this WebApplicationBuilder builder)
    {
        var gateway = builder.Configuration["Gateway"];
        var embedded = builder.Configuration["Store"] != WebOptions.ClusterStore && string.IsNullOrEmpty(gateway);
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
        builder.UseOrleansClient(client =>
        {
            if (builder.Configuration["Store"] == WebOptions.ClusterStore)
                client.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (ClusterIdentity.PostgresInvariant, database ?? ""));
            else if (IPEndPoint.TryParse(builder.Configuration["Gateway"] ?? "", out var gateway))
                client.UseStaticClustering(gateway);

            // A call to a grain whose silo has just died is answered by 503 in time for the caller to ask again, which finds the grain elsewhere.
            client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = AnswerLimit);
            client.Configure<ClusterOptions>(options => options.ClusterId = options.ServiceId = ClusterIdentity.Name);
            client.AddActivityPropagation();
            client.Services.AddDatabaseExceptions();
        });
    }
}
