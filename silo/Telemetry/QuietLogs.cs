using Microsoft.Extensions.Configuration.Memory;

namespace OrleansCallback.Silo.Telemetry;

/// <summary>What is logged, and how, unless a setting says otherwise (<c>Logging__LogLevel__Microsoft.AspNetCore=Information</c>).</summary>
public static class QuietLogs
{
    /// <summary>
    /// Our own words at Information, the frameworks' from Warning on. The key manager's one warning says that keys lie unencrypted at rest:
    /// they lie in the cluster's database, as decided.
    /// </summary>
    /// <param name="builder">The program.</param>
    /// <param name="structured">One JSON object a line, for a log collector; else lines for a person.</param>
    public static void AddQuietLogs(this IHostApplicationBuilder builder, bool structured) =>
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = new Dictionary<string, string?>
            {
                ["Logging:LogLevel:Default"] = "Information",
                ["Logging:LogLevel:Microsoft"] = "Warning",
                ["Logging:LogLevel:Microsoft.AspNetCore.DataProtection.KeyManagement"] = "Error",
                ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "Critical", // a failed start ends the program with the same words
                ["Logging:LogLevel:Orleans"] = "Warning",
                ["Logging:LogLevel:Orleans.Runtime.Watchdog"] = "Error", // its first round takes the time since the machine started for a stall
                ["Logging:LogLevel:Polly"] = "Error", // Orleans logs what its retries could not mend
                ["Logging:LogLevel:System"] = "Warning",
                ["Logging:Console:FormatterName"] = structured ? "json" : "simple",
                ["Logging:Console:FormatterOptions:TimestampFormat"] = structured ? "O" : "HH:mm:ss.fff ",
                ["Logging:Console:FormatterOptions:UseUtcTimestamp"] = "true",
                ["Logging:Console:FormatterOptions:SingleLine"] = "true",
            },
        });
}
