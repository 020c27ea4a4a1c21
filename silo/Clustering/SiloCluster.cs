using OrleansCallback.Silo.Ledger;

namespace OrleansCallback.Silo.Clustering;

static class SiloCluster
{
    /// <summary>Adds the silo itself, with the cluster and cold storage that the ledger's store implies.</summary>
    public static void AddSiloCluster(this IHostApplicationBuilder builder)
    {
        var ledger = LedgerOptions.From(builder.Configuration);
        builder.UseOrleans(silo => silo.AddCluster(builder.Configuration, ledger));
    }
}
