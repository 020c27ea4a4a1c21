namespace OrleansCallback.Silo.Ledger;

/// <summary>Where the ledger lives: <c>Ledger:Store</c>, <c>Ledger:File</c>, <c>ConnectionStrings:Ledger</c>.</summary>
public sealed class LedgerOptions
{
    public const string Sqlite = "sqlite";
    public const string Postgres = "postgres";

    /// <summary><c>sqlite</c>: one file, one process. <c>postgres</c>: a cluster of silos.</summary>
    public string Store { get; set; } = Sqlite;

    /// <summary>The SQLite file; made if it is not there.</summary>
    public string File { get; set; } = "orleanscallback.db";

    /// <summary>Npgsql's connection string of the PostgreSQL database.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>Names this process among the writers of a PostgreSQL ledger; another start is another writer.</summary>
    public string Silo { get; set; } = Environment.MachineName;

    public bool IsPostgres => Store == Postgres;
}
