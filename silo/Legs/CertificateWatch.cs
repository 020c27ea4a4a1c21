using System.Security.Cryptography;

namespace OrleansCallback.Silo.Legs;

/// <summary>
/// Looks whether the files of the SIP certificate hold another one: a renewed certificate is used by the connections that are made from then on, and
/// no call ends for it.
/// </summary>
sealed partial class CertificateWatch(SipEndpoint endpoint, TimeProvider time, ILogger<CertificateWatch> logger) : BackgroundService
{
    static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    string? lastFault;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (endpoint.Tls is { } tls && !stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Period, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                if (tls.Reload()) Renewed(tls.NotAfter);
                lastFault = null;
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
            {
                // Certificate and key are two files: between the two writes they do not fit. What stays wrong is told once.
                if (fault.Message != lastFault) NotRenewed(fault.Message);
                lastFault = fault.Message;
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "The SIP certificate was read anew; it ends {NotAfter:u}.")]
    partial void Renewed(DateTime notAfter);

    [LoggerMessage(LogLevel.Warning, "The files of the SIP certificate have changed and cannot be used; the one before stays: {Why}")]
    partial void NotRenewed(string why);
}
