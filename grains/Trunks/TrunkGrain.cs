using Orleans.Runtime;

namespace OrleansCallback.Trunks;

/// <summary>
/// A trunk's owners. Kept in memory alone: owners renew every 10 s, so an activation that moves knows them all again by then, and legs go on being
/// admitted within the blocks that their silos hold.
/// </summary>
sealed class TrunkGrain(CallClock clock, ISiloStatusOracle silos) : Grain, ITrunkGrain
{
    readonly TrunkBook book = new();

    public Task<int> Lease(TrunkOffer offer)
    {
        ForgetTheDead();
        return Task.FromResult(book.Lease(offer, clock.Now));
    }

    public Task Withdraw(string silo)
    {
        book.Withdraw(silo);
        return Task.CompletedTask;
    }

    public Task<TrunkOffer?> Owner(string? preferredSilo)
    {
        ForgetTheDead();
        return Task.FromResult(book.Choose(preferredSilo, clock.Now));
    }

    void ForgetTheDead()
    {
        foreach (var (silo, status) in silos.GetApproximateSiloStatuses())
        {
            if (status == SiloStatus.Dead) book.Forget(silo.ToParsableString());
        }
    }
}
