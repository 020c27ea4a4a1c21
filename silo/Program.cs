using OrleansCallback.Silo;
using OrleansCallback.Silo.Health;
using OrleansCallback.Silo.Schema;
using OrleansCallback.Silo.Settings;
using OrleansCallback.Silo.Telemetry;

return await StartFailure.ExplainAsync(async () =>
{
    var builder = WebApplication.CreateBuilder(args);
    if (args is ["migrate"]) return await SchemaCommand.MigrateAsync(builder.Configuration);
    ListenAddress.Check(builder.Configuration);
    builder.AddQuietLogs(structured: !builder.Environment.IsDevelopment());
    builder.AddCallbackSilo();
    builder.Services.AddCallbackMetrics();

    var app = builder.Build();
    app.MapHealth();
    app.MapPrometheusScrapingEndpoint();
    await app.RunAsync();
    return 0;
});
