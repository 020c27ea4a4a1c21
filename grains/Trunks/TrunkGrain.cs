using Microsoft.Extensions.Logging;
using OrleansCallback.Calls;
using Orleans.Runtime;

namespace OrleansCallback.Trunks;

/// <summary>
/// A trunk's owners. Kept in memory alone: owners renew every 10 s, and a new activation asks every live silo at once what it offers, so that
/// a call that comes right after a move finds an owner. Legs go on being admitted within the blocks that their silos hold.
/// </summary>
sealed partial class TrunkGrain(CallClock clock, ISiloStatusOracle silos, ILogger<TrunkGrain> logger) : Grain, ITrunkGrain
{
    /// <summary>How long a new activation waits for the answers of all silos.</summary>
    static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(1);

    readonly TrunkBook book = new();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var live = silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Select(silo => silo.ToParsableString());
        var offers = await Task.WhenAll(live.Select(Ask));
        book.Restore([.. offers.Where(offer => offer is not null).Select(offer => offer!)], clock.Now);
    }

    public Task<TrunkLease> Lease(TrunkOffer offer)
    {
        ForgetTheDead();
        return Task.FromResult(book.Lease(offer, clock.Now));
    }

    public Task<TrunkOffer?> Owner(string? preferredSilo, string? fullSilo)
    {
        ForgetTheDead();
        return Task.FromResult(book.Choose(preferredSilo, clock.Now, fullSilo));
    }

    public Task<IReadOnlyList<TrunkOwner>> Owners()
    {
        ForgetTheDead();
        return Task.FromResult(book.Owners(clock.Now));
    }

    string Key => this.GetPrimaryKeyString();

    async Task<TrunkOffer?> Ask(string silo)
    {
        try
        {
            var owner = GrainFactory.GetGrain<ISiloTrunksGrain>(GrainKeys.SiloTrunks(GrainKeys.SiteOf(Key), silo));
            return await CallLegPlacement.On(silo, () => owner.Offer(GrainKeys.NameOf(Key))).WaitAsync(AskLimit);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            LogNotAsked(Key, silo, error);
            return null;
        }
    }

    void ForgetTheDead()
    {
        foreach (var (silo, status) in silos.GetApproximateSiloStatuses())
        {
            if (status == SiloStatus.Dead) book.Forget(silo.ToParsableString());
        }
    }

    [LoggerMessage(LogLevel.Information, "Trunk {Trunk} has no offer of silo {Silo} yet.")]
    partial void LogNotAsked(string trunk, string silo, Exception error);
}
