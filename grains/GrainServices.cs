using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansCallback.Calls;
using OrleansCallback.Rates;
using OrleansCallback.Terminals;
using OrleansCallback.Trunks;

namespace OrleansCallback;

/// <summary>Registers what the grains of calls need besides <c>ILedger</c>, <c>ICallLegs</c> and the options.</summary>
public static class GrainServices
{
    /// <summary>
    /// Adds placement, prices, metrics, the sweeper and the watch for lost silos. What is registered before stays: a test's clock or liveness.
    /// </summary>
    public static IServiceCollection AddCalls(this IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton(new CallClock(TimeProvider.System));
        services.TryAddSingleton<ISiloLiveness, OrleansSiloLiveness>();
        services.TryAddSingleton<TrunkCatalog>();
        services.TryAddSingleton(new RateCatalog(RateBook.Empty));
        services.TryAddSingleton<IPhoneSilo, NoPhones>();
        services.TryAddSingleton<PhoneSilos>();
        services.TryAddSingleton<LiveSessions>();
        services.TryAddSingleton<CallMetrics>();
        services.TryAddSingleton<Sweeper>();
        services.AddHostedService(provider => provider.GetRequiredService<Sweeper>());
        services.AddHostedService<LostSiloWatch>();
        return services;
    }
}
