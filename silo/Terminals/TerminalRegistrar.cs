using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using OrleansCallback.Silo.Drain;
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
sealed partial class TerminalRegistrar : IPhoneSilo, IHostedService, IDisposable
{
    /// <summary>
    /// A wrong password is answered so long after it came, whether its account is known, unknown or has to be looked up: the time tells nothing, and
    /// guessing is slow.
    /// </summary>
    static readonly TimeSpan WrongAnswerAfter = TimeSpan.FromMilliseconds(200);

    /// <summary>Most grains that are waited for at a time; further REGISTERs get 503.</summary>
    const int MostWaiting = 256;

    static readonly HeaderLine[] Later = [new(HeaderId.RetryAfter, "5")];

    readonly Registrar registrar;
    readonly KnownSecrets secrets;
    readonly FlowNews news;
    readonly SipEndpoint endpoint;
    readonly DrainState drain;
    readonly string silo;
    readonly bool enabled;
    readonly Meter meter = new("OrleansCallback.Terminals");
    readonly Counter<long> registers;
    readonly ILogger<TerminalRegistrar> logger;
    int waiting, terminals;

    public TerminalRegistrar(
        SipEndpoint endpoint, IOptions<TerminalsOptions> options, IOptions<SiteSettings> site, ILocalSiloDetails silo, DrainState drain,
        IGrainFactory grains, TimeProvider time, ILogger<TerminalRegistrar> logger)
    {
        (this.endpoint, this.drain, this.logger) = (endpoint, drain, logger);
        (this.silo, enabled) = (silo.SiloAddress.ToParsableString(), options.Value.Domain.Length > 0);
        news = new FlowNews(grains, site.Value.Site, this.silo, endpoint.SentBy, time);
        registrar = new Registrar(new(options.Value.Domain)
        {
            OtherHosts = Hosts(options.Value),
            MinExpires = options.Value.MinExpires,
            MaxExpires = options.Value.MaxExpires,
            MaxExpiresUdp = options.Value.MaxExpiresUdp,
            MaxBindings = options.Value.MaxBindings,
            Algorithms = TerminalsOptionsValidation.TryRead(options.Value.Algorithms, out var algorithms) ? algorithms : [DigestAlgorithm.Md5],
        });
        secrets = new KnownSecrets((account, now) => registrar.Table.Of(account, now).Count > 0);
        registers = meter.CreateCounter<long>("callback.registers", description: "REGISTERs that were answered, by what they proved and the answer.");
        meter.CreateObservableGauge("callback.terminals", () => Volatile.Read(ref terminals), description: "Terminals with a phone registered here.");
    }

    /// <summary>The bindings, of the signalling loop alone.</summary>
    public BindingTable Table => registrar.Table;

    public PhoneSilo Now => new(silo, endpoint.SentBy, enabled && !drain.Draining);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!enabled) return Task.CompletedTask;
        endpoint.IsRegistered = registrar.Table.Has;
        endpoint.Registering = asked => endpoint.Signalling.TryPost((agent, now) => Take(asked, agent, now));
        endpoint.Signalling.ConnectionEnded += OnEnded;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        endpoint.Registering = null;
        endpoint.Signalling.ConnectionEnded -= OnEnded;
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
        // A phone with several servers goes on to the next (RFC 3263 section 4.3), one with none comes again.
        if (drain.Draining) agent.AnswerRegister(asked.CallKey, 503, Later, now);
        else if (registrar.Refuse(asked.Request, now) is { } refusal) Answer(asked, refusal, agent, now);
        else if (registrar.UserOf(asked.Request) is { } account && TerminalAccount.IsValid(account) && !secrets.IsKnown(account, now))
            LookUp(account, new(asked, now), agent, now);
        else Decide(new(asked, now), agent, now);
    }

    void LookUp(string account, Asked asked, UserAgent agent, TimeSpan now)
    {
        if (Interlocked.Increment(ref waiting) <= MostWaiting)
        {
            _ = LookUpAsync(account, asked);
            return;
        }

        Interlocked.Decrement(ref waiting);
        agent.AnswerRegister(asked.Register.CallKey, 503, Later, now);
    }

    void Decide(Asked asked, UserAgent agent, TimeSpan now)
    {
        var (register, since) = asked;
        var answer = registrar.Receive(register.Request, register.Source, secrets.Of, now);
        var isWrong = answer.Verdict is DigestVerdict.WrongPassword or DigestVerdict.UnknownUser;
        if (isWrong && registrar.UserOf(register.Request) is { } account && secrets.MayHaveChanged(account, now)) LookUp(account, asked, agent, now);
        else if (answer.Bindings is not null) _ = AnnounceAsync(asked, answer, secrets.Of(answer.Account)!, now);
        else if (isWrong) Answer(register, answer, agent, since + WrongAnswerAfter);
        else Answer(register, answer, agent, now);
    }

    void Answer(IncomingRegister asked, RegistrarAnswer answer, UserAgent agent, TimeSpan at)
    {
        Volatile.Write(ref terminals, registrar.Table.Accounts);
        registers.Add(1, new("code", answer.Code), new("verdict", answer.Verdict));
        if (answer.Verdict is DigestVerdict.WrongPassword or DigestVerdict.Replayed) LogRefused(asked.Source, answer.Verdict);
        agent.AnswerRegisterAt(asked.CallKey, answer.Code, answer.Headers, at);
    }

    async Task LookUpAsync(string account, Asked asked)
    {
        try
        {
            var found = await news.AskAsync(account);
            endpoint.Signalling.TryPost((agent, now) =>
            {
                if (secrets.Remember(account, found?.Secrets, now)) registrar.Table.Remove(account);
                if (found is not null) registrar.Table.Restore(account, news.EarlierOf(found, now), now);
                Decide(asked, agent, now);
            });
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            LogNotKnown(account, error);
            endpoint.Signalling.TryPost((agent, now) => agent.AnswerRegister(asked.Register.CallKey, 503, Later, now));
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    /// <summary>The phone gets its 200 when its terminal's grain knows of it.</summary>
    async Task AnnounceAsync(Asked asked, RegistrarAnswer answer, TerminalSecrets provenBy, TimeSpan at)
    {
        try
        {
            var isTrue = await news.TellAsync(answer.Account, provenBy, answer.Bindings!, at);
            endpoint.Signalling.TryPost((agent, now) =>
            {
                if (isTrue) Answer(asked.Register, answer, agent, now);
                else Doubt(answer.Account, asked, agent, now);
            });
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The phone comes again soon, and its terminal is told then.
            LogNotTold(answer.Account, error);
            endpoint.Signalling.TryPost((agent, now) => Answer(asked.Register, answer with { Code = 503, Headers = Later }, agent, now));
        }
    }

    /// <summary>The password was changed, or the terminal given to another owner, after its secret had been looked up here.</summary>
    void Doubt(string account, Asked asked, UserAgent agent, TimeSpan now)
    {
        registrar.Table.Remove(account);
        secrets.Outdate(account);
        LookUp(account, asked, agent, now);
    }

    void OnEnded(Hop connection) => endpoint.Signalling.TryPost((agent, now) =>
    {
        foreach (var account in registrar.Table.Lost(connection, now)) _ = TellLossAsync(account, registrar.Table.Of(account, now), now);
    });

    async Task TellLossAsync(string account, IReadOnlyList<Binding> left, TimeSpan now)
    {
        if (secrets.Of(account) is not { } provenBy) return;
        try
        {
            await news.TellAsync(account, provenBy, left, now);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // A call to it finds out at once that the connection is gone.
            LogNotTold(account, error);
        }
    }

    /// <summary>A REGISTER, and when it came.</summary>
    readonly record struct Asked(IncomingRegister Register, TimeSpan Since);

    [LoggerMessage(LogLevel.Debug, "A REGISTER from {Source} was refused: {Verdict}.")]
    partial void LogRefused(Hop source, DigestVerdict verdict);

    [LoggerMessage(LogLevel.Warning, "Terminal {Account} could not be looked up; its phone is told to come again.")]
    partial void LogNotKnown(string account, Exception error);

    [LoggerMessage(LogLevel.Warning, "Terminal {Account} could not be told of its phones.")]
    partial void LogNotTold(string account, Exception error);
}
