using Microsoft.Extensions.Options;
using Npgsql;

namespace OrleansCallback.Silo.Ledger;

/// <summary>Says at start which setting is wrong and what to write there.</summary>
sealed class LedgerOptionsValidator : IValidateOptions<LedgerOptions>
{
    public ValidateOptionsResult Validate(string? name, LedgerOptions options) => options.Store switch
    {
        LedgerOptions.Sqlite => ValidateFile(options.File),
        LedgerOptions.Postgres => ValidateConnection(options.ConnectionString),
        _ => ValidateOptionsResult.Fail(
            $"Store is '{options.Store}'. Write 'sqlite' (one process, a file) or 'postgres' (a cluster)."),
    };

    static ValidateOptionsResult ValidateFile(string file)
    {
        if (string.IsNullOrWhiteSpace(file))
            return ValidateOptionsResult.Fail("Sqlite:File is empty. Write the path of the SQLite file, such as 'orleanscallback.db'.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(file));
        return folder is null || Directory.Exists(folder)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Sqlite:File is '{file}', but there is no folder '{folder}'. Make it, or write another path.");
    }

    static ValidateOptionsResult ValidateConnection(string connection)
    {
        const string example = "Write 'Host=…;Database=…;Username=…;Password=…' there (environment: ConnectionStrings__Ledger).";
        if (string.IsNullOrWhiteSpace(connection))
            return ValidateOptionsResult.Fail($"Store is 'postgres', but ConnectionStrings:Ledger is empty. {example}");
        try
        {
            return string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(connection).Host)
                ? ValidateOptionsResult.Fail($"ConnectionStrings:Ledger names no Host. {example}")
                : ValidateOptionsResult.Success;
        }
        catch (ArgumentException error)
        {
            return ValidateOptionsResult.Fail($"ConnectionStrings:Ledger cannot be read: {error.Message} {example}");
        }
    }
}
