using Microsoft.Extensions.Options;
using OrleansCallback.Storage;
using OrleansCallback.Trunks;

namespace OrleansCallback.Terminals;

/// <summary>An owner's terminals as they are stored.</summary>
public sealed class TerminalOwnerState
{
    /// <summary>Accounts in the order in which they were made.</summary>
    public List<string> Accounts { get; set; } = [];
}

/// <summary>The terminals of one member or merchant. A terminal is made before it is listed: a repeat mends what was cut short.</summary>
sealed class TerminalOwnerGrain(
    [PersistentState("terminals", ColdState.Storage)] IPersistentState<TerminalOwnerState> state, IOptions<TerminalsOptions> options, PhoneSilos silos)
    : Grain, ITerminalOwnerGrain
{
    /// <summary>A terminal's calls are limited by its phone alone.</summary>
    const int NoLimit = int.MaxValue;

    public async Task<TerminalMade> Make(string? account)
    {
        var settings = options.Value;
        if (settings.Domain.Length == 0) return new(TerminalMaking.NotOffered);
        account ??= TerminalAccount.Draw();
        if (!TerminalAccount.IsValid(account)) return new(TerminalMaking.InvalidAccount);
        var isKnown = state.State.Accounts.Contains(account);
        if (!isKnown && state.State.Accounts.Count >= settings.MaxPerOwner) return new(TerminalMaking.TooMany);
        var password = TerminalAccount.DrawPassword();
        if (!await Terminal(account).Make(TerminalAccount.Hash(Owner, account, settings.Domain, password))) return new(TerminalMaking.AccountTaken);
        if (!isKnown)
        {
            state.State.Accounts.Add(account);
            await this.Write(state);
        }

        return new(TerminalMaking.Made, account, password, settings.Domain, settings.Server, settings.Transport);
    }

    public async Task<bool> Remove(string account)
    {
        if (!state.State.Accounts.Contains(account)) return false;
        await Terminal(account).Remove();
        state.State.Accounts.Remove(account);
        await this.Write(state);
        return true;
    }

    public async Task<TerminalList> List()
    {
        var flows = await Flows();
        return new(options.Value.Domain, [.. state.State.Accounts.Order(StringComparer.Ordinal).Select(account =>
            new TerminalView(account, flows.Count(entry => entry.Account == account)))]);
    }

    public async Task<int> FlowCount() => (await Flows()).Count;

    public async Task<TrunkOffer?> Offer(int number)
    {
        var flows = await Flows();
        if (number < 1 || number > flows.Count) return null;
        var (account, flow) = flows[number - 1];
        return new(flow.Silo, flow.SentBy, flow.Target, options.Value.Domain, options.Value.CallerId, NoLimit, 0) { Phone = new(account, flow.Contact) };
    }

    string Owner => GrainKeys.NameOf(this.GetPrimaryKeyString());

    string Site => GrainKeys.SiteOf(this.GetPrimaryKeyString());

    ITerminalGrain Terminal(string account) => GrainFactory.GetGrain<ITerminalGrain>(GrainKeys.Terminal(Site, account));

    /// <summary>The flows that can be rung now, the best liked first.</summary>
    async Task<List<(string Account, TerminalFlow Flow)>> Flows()
    {
        var all = await Task.WhenAll(state.State.Accounts.Select(async account =>
            (await Terminal(account).Flows()).Select(flow => (Account: account, Flow: flow))));
        var flows = all.SelectMany(flows => flows).OrderByDescending(entry => entry.Flow.Q).ThenByDescending(entry => entry.Flow.Since).ToList();
        var usable = await silos.Usable(Site, [.. flows.Select(entry => entry.Flow)]);
        return [.. flows.Zip(usable).Where(pair => pair.Second is not null).Select(pair => (pair.First.Account, pair.Second!))];
    }
}
