using OrleansCallback.Members;
using OrleansCallback.Merchants;
using OrleansCallback.Wallets;
using OrleansCallback.Web.Settings;

namespace OrleansCallback.Web.Embedded;

/// <summary>Fills a new embedded site; what is there already is left as it is. Runs after the silo has started and before HTTP is served.</summary>
public sealed partial class Seed(IGrainFactory grains, WebOptions web, ILogger<Seed> log) : IHostedService
{
    const string TopUp = "seed-";

    /// <summary>A top-up whose fate is unknown is asked for again under the same id.</summary>
    const int MostTries = 5;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var wallet in SeedDirectory.Wallets)
            await CreditAsync(wallet);
        foreach (var merchant in SeedDirectory.Merchants)
        {
            var grain = grains.GetGrain<IMerchantGrain>(GrainKeys.Merchant(web.Site, merchant.Id));
            if (await grain.Get() is null)
                await grain.Put(merchant);
        }

        foreach (var registration in SeedDirectory.Members)
        {
            var grain = grains.GetGrain<IMemberGrain>(GrainKeys.Member(web.Site, registration.Account));
            if (await grain.Profile() is null)
                await grain.Register(registration);
        }

        Seeded(web.Site);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    async Task CreditAsync(string wallet)
    {
        var grain = grains.GetGrain<IWalletGrain>(GrainKeys.Wallet(web.Site, wallet));
        var result = WalletResult.Unknown;
        for (var tries = 0; tries < MostTries && result == WalletResult.Unknown; tries++)
            result = await grain.Credit(new(TopUp + wallet, SeedDirectory.Credit, web.Currency));
        if (result != WalletResult.Done)
            throw new InvalidOperationException($"The wallet {wallet} could not be seeded: {result}.");
    }
}
