namespace OrleansCallback.Silo.Ledger;

/// <summary>Where the ledger lives: <c>Store</c>, <c>Sqlite:File</c>, <c>ConnectionStrings:Ledger</c>.</summary>
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

    /// <summary>The options as configured.</summary>
    public static LedgerOptions From(IConfiguration configuration)
    {
        var options = new LedgerOptions();
        options.Read(configuration);
        return options;
    }

    internal void Read(IConfiguration configuration)
    {
        Store = configuration["Store"] ?? Store;
        File = configuration["Sqlite:File"] ?? File;
        ConnectionString = configuration.GetConnectionString("Ledger") ?? ConnectionString;
        Silo = configuration["Silo:Name"] is { Length: > 0 } name ? name : Silo;
    }
}
