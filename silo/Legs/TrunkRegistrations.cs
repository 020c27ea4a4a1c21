using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using OrleansCallback.Sip;
using OrleansCallback.Trunks;

namespace OrleansCallback.Silo.Legs;

/// <summary>
/// Keeps this silo registered with the carriers of its trunks that want that. Follows the trunks as administrators change them. Safe from any
/// thread.
/// </summary>
sealed partial class TrunkRegistrations : IHostedService, IDisposable
{
    /// <summary>When the endpoint had no room for a command, it is tried again after this.</summary>
    static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    readonly Lock gate = new();
    readonly ConcurrentDictionary<string, Held> held = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, TaskCompletionSource> leaving = new(StringComparer.Ordinal);
    readonly Meter meter = new("OrleansCallback.Trunks");
    readonly Counter<long> results;
    readonly TrunkCatalog catalog;
    readonly SipEndpoint endpoint;
    readonly TimeProvider time;
    readonly ILogger<TrunkRegistrations> logger;
    readonly ITimer again;
    bool stopped;

    public TrunkRegistrations(TrunkCatalog catalog, SipEndpoint endpoint, TimeProvider time, ILogger<TrunkRegistrations> logger)
    {
        (this.catalog, this.endpoint, this.time, this.logger) = (catalog, endpoint, time, logger);
        meter.CreateObservableGauge("callback.trunk.registered", () => held.Select(entry =>
            new Measurement<int>(entry.Value.IsRegistered ? 1 : 0, new KeyValuePair<string, object?>("trunk", entry.Key))),
            description: "1: registered with its carrier; 0: has to be and is not.");
        results = meter.CreateCounter<long>("callback.trunk.registrations", description: "What came of registrations, by trunk and response.");
        again = time.CreateTimer(_ => OnPlan(catalog.Current), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        endpoint.Registered = Take;
    }

    /// <summary>Raised when a registration has been made, refreshed, or has failed.</summary>
    public event Action? Changed;

    /// <summary>Whether a trunk has to be registered and is not.</summary>
    public bool IsMissing(string trunk) =>
        catalog.Current.Trunks.TryGetValue(trunk, out var options) && options.Registers && !(held.TryGetValue(trunk, out var found) && found.IsRegistered);

    /// <summary>How a trunk's registration stands; null: this silo keeps none for it.</summary>
    public TrunkRegistration? StateOf(string trunk) => held.TryGetValue(trunk, out var found) ? found.Shown : null;

    /// <summary>The routes that the carrier wants before INVITEs (RFC 3608), as values of Route.</summary>
    public IReadOnlyList<string> RoutesOf(string trunk) => held.TryGetValue(trunk, out var found) ? found.Routes : [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        catalog.Changed += OnPlan;
        OnPlan(catalog.Current);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        catalog.Changed -= OnPlan;
        return Task.CompletedTask;
    }

    /// <summary>Takes all registrations back; nothing is registered from then on. Completes when the carriers have answered.</summary>
    public Task AllTakenBackAsync()
    {
        lock (gate)
        {
            stopped = true;
            foreach (var trunk in held.Keys) TakeBack(trunk);
        }

        return Task.WhenAll(leaving.Values.Select(left => left.Task));
    }

    public void Dispose()
    {
        again.Dispose();
        meter.Dispose();
    }

    void OnPlan(TrunkPlan before)
    {
        var plan = catalog.Current;
        lock (gate)
        {
            if (stopped) return;
            var wanted = plan.Owned().Select(id => (Id: id, Account: TrunkAccount.Of(plan.Trunks[id]))).Where(trunk => trunk.Account is not null)
                .ToDictionary(trunk => trunk.Id, trunk => trunk.Account!, StringComparer.Ordinal);
            foreach (var trunk in held.Keys.Where(trunk => !wanted.ContainsKey(trunk))) TakeBack(trunk);
            foreach (var (trunk, account) in wanted) Keep(trunk, account);
        }
    }

    /// <summary>Another registration under the same address takes the place of the one before, which so must not be taken back after it.</summary>
    void Keep(string trunk, TrunkAccount account)
    {
        if (held.TryGetValue(trunk, out var old))
        {
            if (old.Account == account) return;
            if (account.Replaces(old.Account)) endpoint.Signalling.TryForgetRegistration(old.Key);
            else TakeBack(trunk);
        }

        var key = $"register-{trunk}-{Guid.NewGuid():N}";
        held[trunk] = new(key, account, new(TrunkRegistrationState.Registering, null, "", null, null), []);
        var registration = new Registration(
            key, account.Registrar, account.AddressOfRecord, $"sip:{account.User}@{endpoint.SentBy}", endpoint.SentBy, account.Target, account.Expires, account.Product);
        if (endpoint.Signalling.TryRegister(registration, account.Credentials)) return;
        held.TryRemove(trunk, out _);
        again.Change(Again, Timeout.InfiniteTimeSpan);
    }

    void TakeBack(string trunk)
    {
        if (!held.TryRemove(trunk, out var old)) return;
        leaving[old.Key] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!endpoint.Signalling.TryUnregister(old.Key)) Left(old.Key);
    }

    void Left(string key)
    {
        if (leaving.TryRemove(key, out var left)) left.TrySetResult();
    }

    void Take(RegistrationChanged change)
    {
        if (change.State == RegistrationState.Ended)
        {
            Left(change.CallKey);
            return;
        }

        string? trunk;
        Held before, after;
        lock (gate)
        {
            (trunk, before) = held.FirstOrDefault(entry => entry.Value.Key == change.CallKey);
            if (trunk is null) return;
            held[trunk] = after = before with { Shown = Shown(change), Routes = change.ServiceRoutes };
        }

        results.Add(1, new("trunk", trunk), new("code", change.Code));
        if (after.IsRegistered && !before.IsRegistered) LogRegistered(trunk, after.Account.AddressOfRecord, change.GoodFor);
        else if (after.Shown.Reason != before.Shown.Reason && after.Shown.Reason.Length > 0) LogFailed(trunk, after.Account.AddressOfRecord, after.Shown.Reason);
        Changed?.Invoke();
    }

    TrunkRegistration Shown(RegistrationChanged change)
    {
        var now = time.GetUtcNow();
        return new(
            change.State == RegistrationState.Registered ? TrunkRegistrationState.Registered : TrunkRegistrationState.Failed,
            change.Source == RefusedBy.Peer ? change.Code : null, ReasonOf(change), change.GoodFor > TimeSpan.Zero ? now + change.GoodFor : null, now + change.NextTry);
    }

    static string ReasonOf(RegistrationChanged change) => (change.Source, change.Code) switch
    {
        (RefusedBy.Peer, < 300) => change.State == RegistrationState.Registered ? "" : "The carrier accepted it and keeps no binding.",
        (RefusedBy.Timeout, _) => "The carrier does not answer.",
        (not RefusedBy.Peer, _) => "The carrier cannot be reached.",
        (_, 401 or 407) => "The carrier refuses the user name or the password.",
        (_, 403) => "The carrier forbids it: the user name, the password or the address is not allowed.",
        (_, 404) => "The carrier does not know the account.",
        (_, 423) => "The carrier asks for a time that is not possible.",
        (_, var code) => FormattableString.Invariant($"The carrier answered with {code}."),
    };

    [LoggerMessage(LogLevel.Information, "Trunk {Trunk} is registered as {Account} for {Time}.")]
    partial void LogRegistered(string trunk, string account, TimeSpan time);

    [LoggerMessage(LogLevel.Warning, "Trunk {Trunk} is not registered as {Account}: {Reason}")]
    partial void LogFailed(string trunk, string account, string reason);

    /// <summary>One registration.</summary>
    /// <param name="Key">Its key in the user agent.</param>
    /// <param name="Account">What is registered.</param>
    /// <param name="Shown">How it stands.</param>
    /// <param name="Routes">Routes of INVITEs.</param>
    sealed record Held(string Key, TrunkAccount Account, TrunkRegistration Shown, IReadOnlyList<string> Routes)
    {
        public bool IsRegistered => Shown.State == TrunkRegistrationState.Registered;
    }
}
