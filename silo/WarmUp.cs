using Microsoft.Extensions.Options;
using OrleansCallback.Calls;
using OrleansCallback.Merchants;
using OrleansCallback.Silo.Settings;
using OrleansCallback.Wallets;

namespace OrleansCallback.Silo;

/// <summary>
/// Goes the way of an admission once with names that nobody has, before the first request comes: code and connections that are made at first use
/// would otherwise come out of that request's 2 s.
/// </summary>
sealed partial class WarmUp(IGrainFactory grains, IOptions<SiteSettings> site, TimeProvider time, ILogger<WarmUp> logger) : IHostedService
{
    const string Nobody = "warm-up";

    static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(
                grains.GetGrain<ICallSessionGrain>(GrainKeys.Session(site.Value.Site, Nobody)).Get(),
                grains.GetGrain<IWalletGrain>(GrainKeys.Wallet(site.Value.Site, Nobody)).Balance(),
                grains.GetGrain<IMerchantGrain>(GrainKeys.Merchant(site.Value.Site, Nobody)).Get()).WaitAsync(Limit, time, cancellationToken);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            Cold(error);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Warning, "The first calls may be slow: the way of an admission could not be gone in advance.")]
    partial void Cold(Exception error);
}
