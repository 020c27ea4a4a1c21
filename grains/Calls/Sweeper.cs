using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansCallback.Wallets;

namespace OrleansCallback.Calls;

/// <summary>
/// Finds calls whose hold is pending past its time and has their sessions settle what nobody holds any more: at the start all that are
/// pending, since a process that was killed left them, then every <see cref="Period"/>.
/// </summary>
public sealed partial class Sweeper(ILedger ledger, IGrainFactory grains, CallClock clock, ILogger<Sweeper> logger) : BackgroundService
{
    /// <summary>Between two sweeps.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>Most calls of one sweep; the rest comes with the next.</summary>
    public const int MostCalls = 1_000;

    /// <summary>Sessions told at the same time.</summary>
    public const int MostAtOnce = 16;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var all = true;
        while (!stoppingToken.IsCancellationRequested)
        {
            // At the start the ledger or the cluster may not be up yet: all is asked for until it was answered.
            if (await SweepAsync(all, stoppingToken)) all = false;
            await Task.Delay(Period, clock.Time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One sweep; false if the ledger could not be asked.</summary>
    /// <param name="all">All pending holds instead of those past their time.</param>
    /// <param name="cancellation">Ends the sweep.</param>
    public async Task<bool> SweepAsync(bool all, CancellationToken cancellation)
    {
        try
        {
            var calls = await ledger.Expired(all, MostCalls, cancellation);
            await Parallel.ForEachAsync(
                calls, new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = cancellation },
                async (call, _) => await SweepOneAsync(call.Site, call.Callback));
            return true;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            if (!cancellation.IsCancellationRequested) LogNotSwept(error);
            return false;
        }
    }

    async Task SweepOneAsync(string site, string callback)
    {
        try
        {
            await grains.GetGrain<ICallSessionGrain>(GrainKeys.Session(site, callback)).Sweep();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            LogNotSweptOne(callback, error);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Expired holds could not be looked for.")]
    partial void LogNotSwept(Exception error);

    [LoggerMessage(LogLevel.Warning, "Call {Callback} could not be swept.")]
    partial void LogNotSweptOne(string callback, Exception error);
}
