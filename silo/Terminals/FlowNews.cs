using OrleansCallback.Sip;
using OrleansCallback.Terminals;

namespace OrleansCallback.Silo.Terminals;

/// <summary>Bindings of this silo as flows, for the grains of their terminals.</summary>
/// <param name="grains">The cluster.</param>
/// <param name="site">The tenant.</param>
/// <param name="silo">This silo, as <c>SiloAddress.ToParsableString()</c>.</param>
/// <param name="sentBy">Its signalling address.</param>
/// <param name="time">The clock of what is told.</param>
sealed class FlowNews(IGrainFactory grains, string site, string silo, string sentBy, TimeProvider time)
{
    /// <summary>How long a grain is waited for.</summary>
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <summary>What a terminal's grain knows; null: there is no such terminal.</summary>
    public Task<TerminalRecord?> AskAsync(string account) => Grain(account).Record().WaitAsync(Limit, time);

    /// <summary>Tells all bindings that an account has here. False: they were proven by a password that is not the terminal's any more.</summary>
    /// <param name="account">The account.</param>
    /// <param name="provenBy">Its secrets at that time.</param>
    /// <param name="bindings">The bindings; none: it has none any more.</param>
    /// <param name="now">The loop's time, which they count by.</param>
    public Task<bool> TellAsync(string account, TerminalSecrets provenBy, IReadOnlyList<Binding> bindings, TimeSpan now)
    {
        var at = time.GetUtcNow();
        TerminalFlow[] flows = [.. bindings.Select(binding => new TerminalFlow(
            silo, sentBy, binding.Contact, binding.Flow.ToString(), binding.Q, at + (binding.Since - now), at + (binding.Until - now), ReachOf(binding),
            binding.Instance))];
        return Grain(account).Announce(silo, sentBy, provenBy, flows).WaitAsync(Limit, time);
    }

    /// <summary>What an earlier process at this address had bound and what can still be used: all but its connections.</summary>
    public IReadOnlyList<Binding> EarlierOf(TerminalRecord record, TimeSpan now)
    {
        var at = time.GetUtcNow();
        return [.. record.Flows.Where(flow => flow.SentBy == sentBy && flow.Silo != silo && flow.Reach != FlowReach.Connection)
            .Select(flow => Target.TryParse(flow.Target, out var target) && target.TryHop(out var hop)
                ? new Binding(flow.Contact, hop, flow.Q, "", 0, now - (at - flow.Since), now + (flow.ExpiresAt - at), flow.Instance) : null)
            .OfType<Binding>()];
    }

    static FlowReach ReachOf(Binding binding) =>
        binding.Flow.IsReliable ? FlowReach.Connection : binding.IsDirect ? FlowReach.Anywhere : FlowReach.Address;

    ITerminalGrain Grain(string account) => grains.GetGrain<ITerminalGrain>(GrainKeys.Terminal(site, account));
}
