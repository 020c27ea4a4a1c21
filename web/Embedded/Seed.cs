using OrleansCallback.Members;
using OrleansCallback.Merchants;
using OrleansCallback.Wallets;
using OrleansCallback.Web.Settings;

namespace OrleansCallback.Web.Embedded;

/// <summary>Fills a new embedded site; what is there already is left as it is. Runs after the silo has started and before HTTP is served.</summary>
public sealed partial class Seed(IGrainFactory grains, WebOptions web, ILogger<Seed> log) : IHostedService
{
    const string TopUp = "seed-";

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var last = SeedDirectory.Members[^1].Account;
        if (await Member(last).Profile() is not null)
            return;
        foreach (var wallet in SeedDirectory.Wallets)
            await CreditAsync(wallet);
        foreach (var merchant in SeedDirectory.Merchants)
            await grains.GetGrain<IMerchantGrain>(GrainKeys.Merchant(web.Site, merchant.Id)).Put(merchant);
        foreach (var registration in SeedDirectory.Members)
            await Member(registration.Account).Register(registration);
        Seeded(web.Site);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    IMemberGrain Member(string account) => grains.GetGrain<IMemberGrain>(GrainKeys.Member(web.Site, account));

    async Task CreditAsync(string wallet)
    {
        var result = await grains.GetGrain<IWalletGrain>(GrainKeys.Wallet(web.Site, wallet)).Credit(new(TopUp + wallet, SeedDirectory.Credit, web.Currency));
        if (result != WalletResult.Done)
            throw new InvalidOperationException($"The wallet {wallet} could not be seeded: {result}.");
    }
}
