using Microsoft.Extensions.Configuration.Memory;

namespace OrleansCallback.Web.Operations;

/// <summary>What is logged unless a setting says otherwise (<c>Logging__LogLevel__Microsoft.AspNetCore=Information</c>).</summary>
public static class QuietLogs
{
    /// <summary>
    /// Our own words at Information, the frameworks' from Warning on. The key manager's one warning says that keys lie unencrypted at rest:
    /// they lie in the cluster's database, as decided.
    /// </summary>
    public static WebApplicationBuilder AddQuietLogs(this WebApplicationBuilder builder)
    {
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = new Dictionary<string, string?>
            {
                ["Logging:LogLevel:Default"] = "Information",
                ["Logging:LogLevel:Microsoft"] = "Warning",
                ["Logging:LogLevel:Microsoft.AspNetCore.DataProtection.KeyManagement"] = "Error",
                ["Logging:LogLevel:Orleans"] = "Warning",
                ["Logging:LogLevel:Polly"] = "Warning",
                ["Logging:LogLevel:System"] = "Warning",
            },
        });
        return builder;
    }
}
