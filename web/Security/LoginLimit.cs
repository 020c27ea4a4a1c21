using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using OrleansCallback.Web.Errors;
using OrleansCallback.Web.Settings;

namespace OrleansCallback.Web.Security;

/// <summary>Bounds the logins that one source address may try, whatever the accounts.</summary>
public static class LoginLimit
{
    /// <summary>The limiter's policy.</summary>
    public const string Policy = "logins-per-address";

    /// <summary>Registers the limiter.</summary>
    public static WebApplicationBuilder AddLoginLimit(this WebApplicationBuilder builder)
    {
        builder.Services.AddRateLimiter(limiter =>
        {
            limiter.OnRejected = (rejected, _) => new(Refuse(rejected).ExecuteAsync(rejected.HttpContext));
            limiter.AddPolicy(Policy, context => RateLimitPartition.GetTokenBucketLimiter(
                Source(context.Connection.RemoteIpAddress), _ => Bucket(context.RequestServices.GetRequiredService<WebOptions>())));
        });
        return builder;
    }

    static Refusal Refuse(OnRejectedContext rejected) => new(Problems.TooManyLogins)
    {
        RetryAfter = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromMinutes(1),
    };

    static TokenBucketRateLimiterOptions Bucket(WebOptions options) => new()
    {
        TokenLimit = options.LoginsPerMinute,
        TokensPerPeriod = 1,
        ReplenishmentPeriod = TimeSpan.FromMinutes(1) / options.LoginsPerMinute,
        QueueLimit = 0,
    };

    /// <summary>The IPv4 address, or the /64 that one IPv6 subscriber commonly has (RFC 6177).</summary>
    static string Source(IPAddress? address)
    {
        if (address is null)
            return "";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }
}
