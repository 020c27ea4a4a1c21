using Npgsql;
using Orleans.Serialization;

namespace OrleansCallback.Silo.Clustering;

/// <summary>What silos and their clients agree on to find each other through PostgreSQL.</summary>
public static class ClusterIdentity
{
    /// <summary>Cluster and service id.</summary>
    public const string Name = "orleans-callback";

    /// <summary>The ADO.NET invariant of the membership table's database.</summary>
    public const string PostgresInvariant = "Npgsql";

    /// <summary>Lets the exception of a lost database reach the caller of a grain as what it is, not as one that could not be serialized.</summary>
    public static void AddDatabaseExceptions(this IServiceCollection services) =>
        services.Configure<ExceptionSerializationOptions>(options => options.SupportedNamespacePrefixes.Add(typeof(NpgsqlException).Namespace!));
}
