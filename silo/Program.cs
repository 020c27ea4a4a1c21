using OrleansCallback.Silo;
using OrleansCallback.Silo.Health;
using OrleansCallback.Silo.Telemetry;

var builder = WebApplication.CreateBuilder(args);
builder.AddCallbackSilo();
builder.Services.AddMetrics();

var app = builder.Build();
if (args is ["migrate"]) return await app.Services.MigrateAsync();
app.MapHealth();
app.MapPrometheusScrapingEndpoint();
await app.RunAsync();
return 0;
