using OrleansCallback.Silo.Ledger;

namespace OrleansCallback.Silo.Schema;

/// <summary><c>silo migrate</c>: brings the database to this program's schema and ends.</summary>
static class SchemaCommand
{
    public static async Task<int> MigrateAsync(IConfiguration configuration)
    {
        var options = LedgerOptions.From(configuration);
        var checkedOptions = new LedgerOptionsValidator().Validate(null, options);
        if (checkedOptions.Failed)
        {
            await Console.Error.WriteLineAsync(checkedOptions.FailureMessage);
            return 1;
        }

        var applied = await SchemaMigrator.MigrateAsync(options, CancellationToken.None);
        Console.WriteLine($"{applied} migrations applied; the schema is up to date.");
        return 0;
    }
}
