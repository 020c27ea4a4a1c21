using OrleansCallback.Silo;
using OrleansCallback.Silo.Health;
using OrleansCallback.Silo.Schema;
using OrleansCallback.Silo.Settings;
using OrleansCallback.Silo.Telemetry;

return await StartFailure.ExplainAsync(async () =>
{
    // The settings file lies beside the program, wherever it is started from.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    if (args is ["migrate"]) return await SchemaCommand.MigrateAsync(builder.Configuration);
    builder.AddCallbackSilo();
    builder.Services.AddCallbackMetrics();

    var app = builder.Build();
    app.MapHealth();
    app.MapPrometheusScrapingEndpoint();
    await app.RunAsync();
    return 0;
});
