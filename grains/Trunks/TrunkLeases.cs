using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrleansCallback.Trunks;

/// <summary>What a silo offers on the trunks that it owns.</summary>
public interface ITrunkOffers
{
    /// <summary>The tenant.</summary>
    string Site { get; }

    /// <summary>Owned trunks by id with their present offer; none once the silo drains.</summary>
    IEnumerable<(string Trunk, TrunkOffer Offer)> Current();

    /// <summary>The channels that were leased for <see cref="TrunkBook.LeaseTime"/> from a timestamp on.</summary>
    void Leased(string trunk, int channels, long askedAt);
}

/// <summary>Announces this silo to the grains of its trunks, and renews its leases.</summary>
public sealed partial class TrunkLeases(ITrunkOffers offers, IGrainFactory grains, TimeProvider time, ILogger<TrunkLeases> logger) : BackgroundService
{
    static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>After a failure, as at a start when the cluster is not up yet.</summary>
    static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(500);

    static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Has the first leases before what starts after it, so that the first call finds an owner.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RenewAllAsync();
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var renewed = await RenewAllAsync();
            await Task.Delay(renewed ? Period : Retry, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task<bool> RenewAllAsync()
    {
        try
        {
            foreach (var (trunk, offer) in offers.Current())
            {
                var askedAt = time.GetTimestamp();
                offers.Leased(trunk, await grains.GetGrain<ITrunkGrain>(GrainKeys.Trunk(offers.Site, trunk)).Lease(offer).WaitAsync(Limit, time), askedAt);
            }

            return true;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            NotRenewed(error);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "A trunk's lease was not renewed; it is tried again.")]
    partial void NotRenewed(Exception error);
}
