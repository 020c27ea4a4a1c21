using Microsoft.Extensions.Options;
using OrleansCallback.Silo.Legs;
using OrleansCallback.Silo.Settings;
using OrleansCallback.Trunks;
using Orleans.Runtime;

namespace OrleansCallback.Silo.Drain;

/// <summary>
/// Holds a shutdown while live calls go on. <see cref="StoppingAsync"/> runs before any hosted service stops, so Kestrel still answers probes and
/// the silo still serves grains; <see cref="HostOptions.ShutdownTimeout"/> exceeds the limit.
/// </summary>
sealed partial class DrainService(
    DrainState state,
    SipCallLegs legs,
    TrunkLeases leases,
    IOptions<SiloSettings> settings,
    TrunkRegistrations registrations,
    TimeProvider time,
    ILogger<DrainService> logger) : IHostedLifecycleService
{
    /// <summary>What hung-up legs get to tell their sessions, and the sessions to settle.</summary>
    internal static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    static readonly TimeSpan WithdrawLimit = TimeSpan.FromSeconds(2);

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        state.Begin();
        await WithdrawAsync();
        if (legs.Live > 0) Draining(legs.Live, settings.Value.DrainLimit);
        await AllEndedAsync(settings.Value.DrainLimit);
        if (legs.Live > 0)
        {
            HangingUp(legs.Live);
            legs.HangUpAll();
            await AllEndedAsync(Farewell);
        }

        await UnregisterAsync();
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The trunks' grains are told that this silo takes no new legs.</summary>
    async Task WithdrawAsync()
    {
        Task told = leases.RenewAsync();
        await told.WaitAsync(WithdrawLimit, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Last of all: a carrier may let requests of a call pass from whom it knows alone.</summary>
    async Task UnregisterAsync() =>
        await registrations.AllTakenBackAsync().WaitAsync(WithdrawLimit, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    async Task AllEndedAsync(TimeSpan limit) =>
        await legs.AllEnded().WaitAsync(limit, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    [LoggerMessage(LogLevel.Information, "Draining: {Legs} live legs go on to their end, for at most {Limit}.")]
    partial void Draining(int legs, TimeSpan limit);

    [LoggerMessage(LogLevel.Warning, "The drain limit has passed: hanging up {Legs} live legs.")]
    partial void HangingUp(int legs);
}

static class DrainSetup
{
    public static void AddDrain(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<DrainState>();
        builder.Services.AddHostedService<DrainService>();
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<SiloSettings>>((host, silo) =>
            host.ShutdownTimeout = silo.Value.DrainLimit + DrainService.Farewell + TimeSpan.FromSeconds(15));
    }
}
