using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrleansCallback.Trunks;

/// <summary>
/// Announces this silo to the grains of its trunks and renews its leases; between renewals it asks every second whether an administrator has
/// changed the trunks.
/// </summary>
public sealed partial class TrunkLeases : BackgroundService
{
    static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>Between two looks for changed trunks.</summary>
    static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(1);

    /// <summary>After a failure, as at a start when the cluster is not up yet.</summary>
    static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(500);

    static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Trunks that are told at the same time: one that does not answer holds up few others.</summary>
    const int AtOnce = 16;

    const int MostTells = 3;

    readonly ITrunkOffers offers;
    readonly TrunkCatalog catalog;
    readonly IGrainFactory grains;
    readonly TimeProvider time;
    readonly ILogger<TrunkLeases> logger;
    readonly SemaphoreSlim told = new(0, 1);
    bool failed;
    volatile bool settled;

    /// <summary>Makes the service; nothing is announced before it starts.</summary>
    public TrunkLeases(ITrunkOffers offers, TrunkCatalog catalog, IGrainFactory grains, TimeProvider time, ILogger<TrunkLeases> logger)
    {
        (this.offers, this.catalog, this.grains, this.time, this.logger) = (offers, catalog, grains, time, logger);
        offers.Changed += () =>
        {
            try
            {
                told.Release();
            }
            catch (SemaphoreFullException)
            {
                // It is to be told already.
            }
        };
    }

    /// <summary>Has the first leases before what starts after it, so that the first call finds an owner.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var looked = await LookAsync();
        if (looked && catalog.Current.Trunks.Count == 0) NoTrunk();
        foreach (var trunk in looked ? catalog.Current.Missing() : []) NotThere(trunk);
        await RenewAsync();
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        told.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var renewedAt = time.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            var changed = await WaitAsync(failed ? Retry : LookPeriod, stoppingToken);
            if (stoppingToken.IsCancellationRequested) return;
            var before = catalog.Current.Version;
            var looked = await LookAsync();
            changed |= catalog.Current.Version != before; // other limits are another share
            changed |= await told.WaitAsync(TimeSpan.Zero, CancellationToken.None); // what it brought is told without another turn
            // Channels that another silo has to give back first are asked for at every look.
            if (!changed && !failed && settled && time.GetElapsedTime(renewedAt) < Period) continue;
            failed = !(await RenewAsync() && looked);
            if (!failed) renewedAt = time.GetTimestamp();
        }
    }

    /// <summary>Waits; true if an offer is to be told at once.</summary>
    async Task<bool> WaitAsync(TimeSpan wait, CancellationToken stopping)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var woken = told.WaitAsync(over.Token);
        var slept = Task.Delay(wait, time, over.Token);
        await Task.WhenAny(woken, slept);
        await over.CancelAsync();
        return woken.IsCompletedSuccessfully;
    }

    async Task<bool> LookAsync()
    {
        try
        {
            var directory = grains.GetGrain<ITrunkDirectoryGrain>(GrainKeys.TrunkDirectory(offers.Site));
            if (await directory.After(catalog.Current.Version).WaitAsync(Limit, time) is { } changes)
            {
                catalog.Adopt(changes);
                Adopted(changes.Version);
            }

            return true;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            NotLooked(error);
            return false;
        }
    }

    /// <summary>Tells all trunks' grains once what is offered. False: some could not be told.</summary>
    public async Task<bool> RenewAsync()
    {
        var (untold, apart) = (0, 0);
        await Parallel.ForEachAsync(offers.Trunks(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (trunk, _) =>
        {
            try
            {
                if (!await RenewAsync(trunk)) Interlocked.Increment(ref apart);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                NotRenewed(trunk, error);
                Interlocked.Increment(ref untold);
            }
        });
        settled = apart == 0;
        return untold == 0;
    }

    /// <summary>Tells one. A grain that is new asks this silo before it answers, and its answer counts no more: it is told again.</summary>
    /// <returns>Whether this silo has its share of the channels and no more.</returns>
    async Task<bool> RenewAsync(string trunk)
    {
        for (var tries = 0; tries < MostTells && offers.Next(trunk) is { } offer; tries++)
        {
            var askedAt = time.GetTimestamp();
            var lease = await Grain(trunk).Lease(offer).WaitAsync(Limit, time);
            if (offers.Leased(trunk, offer, lease, askedAt)) return lease.Channels >= Math.Max(lease.Share, offer.HeldChannels);
        }

        return false;
    }

    ITrunkGrain Grain(string trunk) => grains.GetGrain<ITrunkGrain>(GrainKeys.Trunk(offers.Site, trunk));

    [LoggerMessage(LogLevel.Warning, "There is no trunk: write Trunks:<id>:Address, or add one by PUT /v1/admin/trunks/<id>.")]
    partial void NoTrunk();

    [LoggerMessage(LogLevel.Warning, "Silo:Trunks or a route names the trunk {Trunk}, which is neither configured nor stored.")]
    partial void NotThere(string trunk);

    [LoggerMessage(LogLevel.Warning, "The lease of trunk {Trunk} was not renewed; it is tried again.")]
    partial void NotRenewed(string trunk, Exception error);

    [LoggerMessage(LogLevel.Warning, "Changes of the trunks could not be asked for; it is tried again.")]
    partial void NotLooked(Exception error);

    [LoggerMessage(LogLevel.Information, "Trunks and routes are those of version {Version} now.")]
    partial void Adopted(long version);
}
