namespace OrleansCallback.Silo.Clustering;

/// <summary>What silos and their clients agree on to find each other through PostgreSQL.</summary>
public static class ClusterIdentity
{
    /// <summary>Cluster and service id.</summary>
    public const string Name = "orleans-callback";

    /// <summary>The ADO.NET invariant of the membership table's database.</summary>
    public const string PostgresInvariant = "Npgsql";
}
