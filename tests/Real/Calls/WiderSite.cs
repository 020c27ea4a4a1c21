namespace OrleansCallback.Tests.Calls;

/// <summary>One silo whose trunks allow wider codecs, in different orders.</summary>
public sealed class WiderSite(PostgresServer server) : IAsyncLifetime
{
    CallSite? site;

    /// <summary>The site.</summary>
    public CallSite Site => site ?? throw new InvalidOperationException("The site has not been started.");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => site = await CallSite.StartAsync(await server.CreateDatabaseAsync(), new Dictionary<string, string>
    {
        ["Trunks__members__Codecs"] = "G722,PCMA,OPUS",
        ["Trunks__merchants__Codecs"] = "OPUS,G722,PCMA,PCMU",
    });

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => site?.DisposeAsync() ?? ValueTask.CompletedTask;
}
