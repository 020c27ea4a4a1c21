using Npgsql;

[assembly: AssemblyFixture(typeof(OrleansCallback.Tests.PostgresServer))]

namespace OrleansCallback.Tests;

public sealed class PostgresServerTests(PostgresServer server)
{
    [Fact]
    public async Task The_server_syncs_what_it_commits()
    {
        await using var connection = new NpgsqlConnection(await server.CreateDatabaseAsync());
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("show fsync", connection);
        Assert.Equal("on", await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }
}
