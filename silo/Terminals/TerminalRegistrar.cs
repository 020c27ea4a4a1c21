using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using OrleansCallback.Silo.Legs;
using OrleansCallback.Silo.Settings;
using OrleansCallback.Sip;
using OrleansCallback.Terminals;
using Orleans.Runtime;

namespace OrleansCallback.Silo.Terminals;

/// <summary>
/// The registrar of this silo: <see cref="Registrar"/> on the signalling loop, the secrets of its accounts from their grains, and the flows that
/// it holds told to them. A phone is told that it is registered once its terminal's grain knows where it is.
/// </summary>
sealed partial class TerminalRegistrar : ITerminalFlows, IHostedService, IDisposable
{
    /// <summary>How long a secret is used before its grain is asked again: so long a removed terminal may still register here.</summary>
    static readonly TimeSpan SecretLife = TimeSpan.FromSeconds(30);

    /// <summary>A secret that did not fit is asked for again unless it is younger: the owner may have made another password.</summary>
    static readonly TimeSpan FreshSecret = TimeSpan.FromSeconds(2);

    /// <summary>How long a grain is waited for.</summary>
    static readonly TimeSpan GrainLimit = TimeSpan.FromSeconds(3);

    /// <summary>Most grains that are waited for at a time; further REGISTERs get 503.</summary>
    const int MostWaiting = 256;

    /// <summary>Most secrets that are kept.</summary>
    const int MostSecrets = 20_000;

    static readonly HeaderLine[] Later = [new(HeaderId.RetryAfter, "5")];

    readonly Registrar registrar;
    readonly Dictionary<string, (TerminalSecrets? Secrets, TimeSpan Until)> secrets = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, IReadOnlyList<TerminalFlow>> flows = new(StringComparer.Ordinal);
    readonly SipEndpoint endpoint;
    readonly IGrainFactory grains;
    readonly TimeProvider time;
    readonly string site, silo;
    readonly bool enabled;
    readonly Meter meter = new("OrleansCallback.Terminals");
    readonly Counter<long> registers;
    readonly ILogger<TerminalRegistrar> logger;
    int waiting;

    public TerminalRegistrar(
        SipEndpoint endpoint, IOptions<TerminalsOptions> options, IOptions<SiteSettings> site, ILocalSiloDetails silo, IGrainFactory grains,
        TimeProvider time, ILogger<TerminalRegistrar> logger)
    {
        (this.endpoint, this.grains, this.time, this.logger) = (endpoint, grains, time, logger);
        (this.site, this.silo, enabled) = (site.Value.Site, silo.SiloAddress.ToParsableString(), options.Value.Domain.Length > 0);
        registrar = new Registrar(new(options.Value.Domain)
        {
            OtherHosts = Hosts(options.Value),
            MinExpires = options.Value.MinExpires,
            MaxExpires = options.Value.MaxExpires,
            DefaultExpires = options.Value.MaxExpires,
            MaxBindings = options.Value.MaxBindings,
            Algorithms = TerminalsOptionsValidation.TryRead(options.Value.Algorithms, out var algorithms) ? algorithms : [DigestAlgorithm.Md5],
        });
        registers = meter.CreateCounter<long>("callback.registers", description: "REGISTERs that were answered, by what they proved and the answer.");
        meter.CreateObservableGauge("callback.terminals", () => flows.Keys.Count(account => Of(account).Count > 0), description: "Terminals registered here.");
    }

    public IReadOnlyList<TerminalFlow> Of(string account)
    {
        var now = time.GetUtcNow();
        return flows.TryGetValue(account, out var known) ? [.. known.Where(flow => flow.ExpiresAt > now)] : [];
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!enabled) return Task.CompletedTask;
        endpoint.IsRegistered = registrar.Table.Has;
        endpoint.Registering = asked => endpoint.Signalling.TryPost((agent, now) => Take(asked, agent, now));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        endpoint.Registering = null;
        return Task.CompletedTask;
    }

    public void Dispose() => meter.Dispose();

    /// <summary>Phones may name our own address where the domain is expected.</summary>
    string[] Hosts(TerminalsOptions options)
    {
        string[] ours = [.. endpoint.Signalling.EndPoints.Select(e => HostPort.From(e.EndPoint).Host), HostOf(endpoint.SentBy)];
        return options.Server.Length == 0 ? ours : [.. ours, HostOf(options.Server)];
    }

    static string HostOf(string text) => Target.TryParse(text, out var target) ? target.Host.Host : text;

    void Take(IncomingRegister asked, UserAgent agent, TimeSpan now)
    {
        var account = registrar.UserOf(asked.Request);
        if (account is null || !TerminalAccount.IsValid(account) || (secrets.TryGetValue(account, out var known) && known.Until > now))
            Decide(asked, agent, now);
        else LookUp(account, asked, agent, now);
    }

    void LookUp(string account, IncomingRegister asked, UserAgent agent, TimeSpan now)
    {
        if (Interlocked.Increment(ref waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref waiting);
            agent.AnswerRegister(asked.CallKey, 503, Later, now);
        }
        else _ = LookUpAsync(account, asked);
    }

    void Decide(IncomingRegister asked, UserAgent agent, TimeSpan now)
    {
        var answer = registrar.Receive(asked.Request, asked.Source, SecretOf, now);
        if (answer.Verdict is DigestVerdict.WrongPassword or DigestVerdict.UnknownUser && registrar.UserOf(asked.Request) is { } account
            && secrets.TryGetValue(account, out var known) && now > known.Until - SecretLife + FreshSecret)
        {
            LookUp(account, asked, agent, now);
            return;
        }

        registers.Add(1, new("code", answer.Code), new("verdict", answer.Verdict));
        if (answer.Bindings is not { } bindings)
        {
            if (answer.Verdict is DigestVerdict.WrongPassword or DigestVerdict.Replayed) LogRefused(asked.Source, answer.Verdict);
            agent.AnswerRegister(asked.CallKey, answer.Code, answer.Headers, now);
            return;
        }

        var at = time.GetUtcNow();
        IReadOnlyList<TerminalFlow> held = [.. bindings.Select(binding => new TerminalFlow(
            silo, endpoint.SentBy, binding.Contact, binding.Flow.ToString(), binding.Q, at + (binding.Until - now)))];
        if (held.Count > 0) flows[answer.Account] = held;
        else flows.TryRemove(answer.Account, out _);
        _ = AnnounceAsync(answer, held, asked.CallKey);
    }

    string? SecretOf(string account, DigestAlgorithm algorithm) =>
        !secrets.TryGetValue(account, out var known) || known.Secrets is not { } found ? null
        : algorithm == DigestAlgorithm.Sha256 ? found.Sha256 : algorithm == DigestAlgorithm.Md5 ? found.Md5 : null;

    async Task LookUpAsync(string account, IncomingRegister asked)
    {
        try
        {
            var found = await Grain(account).Secrets().WaitAsync(GrainLimit, time);
            endpoint.Signalling.TryPost((agent, now) =>
            {
                Remember(account, found, now);
                Decide(asked, agent, now);
            });
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            LogNotKnown(account, error);
            endpoint.Signalling.TryPost((agent, now) => agent.AnswerRegister(asked.CallKey, 503, Later, now));
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    void Remember(string account, TerminalSecrets? found, TimeSpan now)
    {
        if (secrets.Count >= MostSecrets)
        {
            foreach (var (old, _) in secrets.Where(secret => secret.Value.Until <= now).ToList()) secrets.Remove(old);
            if (secrets.Count >= MostSecrets) secrets.Clear();
        }

        secrets[account] = (found, now + SecretLife);
        if (found is not null) return;
        registrar.Table.Remove(account);
        flows.TryRemove(account, out _);
    }

    async Task AnnounceAsync(RegistrarAnswer answer, IReadOnlyList<TerminalFlow> held, string key)
    {
        var (code, headers) = (answer.Code, answer.Headers);
        try
        {
            await Grain(answer.Account).Announce(silo, held).WaitAsync(GrainLimit, time);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The phone comes again soon, and its terminal is told then.
            LogNotTold(answer.Account, error);
            (code, headers) = (503, Later);
        }

        endpoint.Signalling.TryPost((agent, now) => agent.AnswerRegister(key, code, headers, now));
    }

    ITerminalGrain Grain(string account) => grains.GetGrain<ITerminalGrain>(GrainKeys.Terminal(site, account));

    [LoggerMessage(LogLevel.Debug, "A REGISTER from {Source} was refused: {Verdict}.")]
    partial void LogRefused(Hop source, DigestVerdict verdict);

    [LoggerMessage(LogLevel.Warning, "Terminal {Account} could not be looked up; its phone is told to come again.")]
    partial void LogNotKnown(string account, Exception error);

    [LoggerMessage(LogLevel.Warning, "Terminal {Account} could not be told of its phones; they are told to come again.")]
    partial void LogNotTold(string account, Exception error);
}
