using Microsoft.Extensions.Options;
using OrleansCallback.Sip;
using OrleansCallback.Terminals;
using OrleansCallback.Trunks;

namespace OrleansCallback.Silo.Legs;

/// <summary>
/// Warns of keys that are told over signalling which anybody on the way can read (RFC 4568 section 5 wants it protected). It is allowed: on a
/// private way to the carrier it may be what is wanted. Administrators change trunks while the silo runs.
/// </summary>
sealed partial class KeyExposure(TrunkCatalog catalog, IOptions<TerminalsOptions> terminals, ILogger<KeyExposure> logger) : IHostedService
{
    readonly Lock gate = new();
    readonly HashSet<string> exposed = new(StringComparer.Ordinal);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var phones = terminals.Value;
        if (phones.Domain.Length > 0 && IsExposed(phones.MediaEncryption, phones.Transport)) LogTerminals(logger, phones.Transport);
        catalog.Changed += OnChanged;
        OnChanged(catalog.Current);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        catalog.Changed -= OnChanged;
        return Task.CompletedTask;
    }

    void OnChanged(TrunkPlan before)
    {
        var plan = catalog.Current;
        lock (gate)
        {
            var now = plan.Owned().Where(id => IsExposed(plan.Trunks[id].MediaEncryption, plan.Trunks[id].Transport)).ToHashSet(StringComparer.Ordinal);
            foreach (var trunk in now.Except(exposed).Order(StringComparer.Ordinal))
                LogTrunk(logger, trunk, plan.Trunks[trunk].Transport is { Length: > 0 } transport ? transport : "udp, or what the records of its name say");
            exposed.Clear();
            exposed.UnionWith(now);
        }
    }

    static bool IsExposed(string encryption, string transport) =>
        TrunkEncryption.TryRead(encryption, out var wanted) && wanted != MediaEncryption.Off && !transport.Equals("tls", StringComparison.OrdinalIgnoreCase);

    [LoggerMessage(LogLevel.Warning,
        "Trunk {Trunk} is told the keys of its encrypted audio over {Transport}: whoever can read its signalling can decrypt the audio. Write Trunks:{Trunk}:Transport=tls.")]
    static partial void LogTrunk(ILogger logger, string trunk, string transport);

    [LoggerMessage(LogLevel.Warning,
        "Terminals are told the keys of their encrypted audio over {Transport}: whoever can read their signalling can decrypt the audio. Write Terminals:Transport=tls.")]
    static partial void LogTerminals(ILogger logger, string transport);
}
