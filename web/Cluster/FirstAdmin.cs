using OrleansCallback.Members;
using OrleansCallback.Web.Security;
using OrleansCallback.Web.Settings;

namespace OrleansCallback.Web.Cluster;

/// <summary>Makes the first administrator's account at start if the settings name one that is not there yet.</summary>
public sealed partial class FirstAdmin(IGrainFactory grains, WebOptions web, ILogger<FirstAdmin> log) : IHostedService
{
    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var admin = web.FirstAdmin;
        if (admin.Account.Length == 0)
            return;
        var member = grains.GetGrain<IMemberGrain>(GrainKeys.Member(web.Site, admin.Account));
        if (await member.Profile() is not null)
            return;
        if (!PhoneNumber.TryParse(admin.Number, web.Region, out var number, out var error))
            throw new InvalidOperationException($"FirstAdmin__Number passed the check of the settings but is wrong: {error}");
        await member.Register(new(admin.Account, admin.Account, number, admin.Password, Roles.All));
        Made(admin.Account);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
