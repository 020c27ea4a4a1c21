using Microsoft.Extensions.Options;
using OrleansCallback.Silo.Legs;
using OrleansCallback.Sip;
using OrleansCallback.Terminals;

namespace OrleansCallback.Silo.Terminals;

/// <summary>
/// Sends OPTIONS to the phones that are registered here over UDP. What they answer is of no matter: that they send something keeps their NAT's mapping
/// (RFC 4787 section 4.3), which what we send need not do. Connections have the operating system's own questions.
/// </summary>
sealed class PhonePings(TerminalRegistrar registrar, SipEndpoint endpoint, IOptions<TerminalsOptions> options, TimeProvider time) : BackgroundService
{
    static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var settings = options.Value;
        if (settings.Domain.Length == 0 || settings.KeepAlive <= TimeSpan.Zero) return;
        var period = (uint)settings.KeepAlive.TotalSeconds;
        using var timer = new PeriodicTimer(Tick, time);
        for (uint tick = 0; await WaitAsync(timer, stoppingToken); tick++)
        {
            var turn = tick % period;
            endpoint.Signalling.TryPost((agent, now) =>
            {
                foreach (var binding in registrar.Table.All(now).Where(binding => IsTurnOf(binding, turn, period))) agent.Ping(PingOf(binding, settings), now);
            });
        }
    }

    /// <summary>Each phone has its second, so that they are not all asked at once.</summary>
    static bool IsTurnOf(Binding binding, uint turn, uint period) =>
        !binding.Flow.IsReliable && (uint)binding.Flow.EndPoint.GetHashCode() % period == turn;

    OptionsPing PingOf(Binding binding, TerminalsOptions settings) => new(
        "phone", binding.Contact, $"sip:{settings.CallerId}@{settings.Domain}", endpoint.SentBy, binding.Flow.ToString());

    static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
