using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrleansCallback.Sites;
using OrleansCallback.Web.Settings;

namespace OrleansCallback.Web.Operations;

/// <summary>Ready means that a grain answers: the cluster is there and its storage can be read.</summary>
public sealed class ClusterCheck(IGrainFactory grains, WebOptions web) : IHealthCheck
{
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await grains.GetGrain<ISiteGrain>(GrainKeys.Site(web.Site)).Merchants().WaitAsync(LongestWait, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("The cluster does not answer.", error);
        }
    }
}
