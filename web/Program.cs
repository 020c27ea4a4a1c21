using OrleansCallback.Silo.Settings;
using OrleansCallback.Silo.Telemetry;
using OrleansCallback.Web.Administration;
using OrleansCallback.Web.Callbacks;
using OrleansCallback.Web.Cluster;
using OrleansCallback.Web.Demo;
using OrleansCallback.Web.Errors;
using OrleansCallback.Web.Merchants;
using OrleansCallback.Web.Operations;
using OrleansCallback.Web.Rates;
using OrleansCallback.Web.Security;
using OrleansCallback.Web.Sessions;
using OrleansCallback.Web.Settings;
using OrleansCallback.Web.Terminals;
using OrleansCallback.Web.Wallets;

return await StartFailure.ExplainAsync(() => args is [DemoCommand.Name, .. var options] ? DemoCommand.RunAsync(options, Build) : ServeAsync(args));

public partial class Program
{
    /// <summary>The whole server: what it is made of, then what a request passes.</summary>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(Pages.Options(args));
        builder.AddQuietLogs(structured: builder.Configuration["Store"] == WebOptions.ClusterStore);
        builder.AddSettings();
        builder.AddCluster();
        builder.AddJson();
        builder.AddErrors();
        builder.AddSecurity();
        builder.AddLoginLimit();
        builder.AddCallbacks();
        builder.AddOperations();
        builder.AddDescription();

        var app = builder.Build();
        app.UseErrors();
        app.UseSecurityHeaders();
        app.UsePages();
        app.UseRouting();
        app.UseRateLimiter();
        app.UseSecurity();

        app.MapSessions();
        app.MapMerchants();
        app.MapCallbacks();
        app.MapWallets();
        app.MapFinance();
        app.MapAdministration();
        app.MapTerminals();
        app.MapTrunks();
        app.MapRates();
        app.MapOperator();
        app.MapOperations();
        return app;
    }

    static async Task<int> ServeAsync(string[] args)
    {
        await using var app = Build(args);
        await app.RunAsync();
        return 0;
    }
}
