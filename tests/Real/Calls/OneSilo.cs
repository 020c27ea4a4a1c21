namespace OrleansCallback.Tests.Calls;

/// <summary>One silo and one web node on PostgreSQL, shared by all scenarios that leave both as they are.</summary>
public sealed class OneSilo(PostgresServer server) : IAsyncLifetime
{
    CallSite? site;

    /// <summary>The site.</summary>
    public CallSite Site => site ?? throw new InvalidOperationException("The site has not been started.");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => site = await CallSite.StartAsync(await server.CreateDatabaseAsync());

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => site?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>The scenarios on <see cref="OneSilo"/>, one after the other: each looks at gauges of the whole silo.</summary>
[CollectionDefinition(Name)]
public sealed class OneSiloScenarios : ICollectionFixture<OneSilo>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "scenarios on one silo";
}
