using OrleansCallback.Sip;
using OrleansCallback.Terminals;

namespace OrleansCallback.Silo.Terminals;

/// <summary>What the passwords of accounts are proven with, for a while after their grains have told. Of the signalling loop alone.</summary>
sealed class KnownSecrets(Func<string, TimeSpan, bool> hasBindings)
{
    /// <summary>How long a secret is used before its grain is asked again.</summary>
    static readonly TimeSpan Life = TimeSpan.FromSeconds(30);

    /// <summary>A secret that did not fit is asked for again unless it is younger: the owner may have made another password.</summary>
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    /// <summary>Most accounts without a binding that are kept.</summary>
    const int Most = 20_000;

    readonly Dictionary<string, (TerminalSecrets? Secrets, TimeSpan At)> known = new(StringComparer.Ordinal);

    /// <summary>What an account's password is proven with; null: nothing is known, or there is no such terminal.</summary>
    public TerminalSecrets? Of(string account) => known.TryGetValue(account, out var found) ? found.Secrets : null;

    /// <summary>The same hash by hash.</summary>
    public string? Of(string account, DigestAlgorithm algorithm) => algorithm switch
    {
        DigestAlgorithm.Sha256 => Of(account)?.Sha256,
        DigestAlgorithm.Md5 => Of(account)?.Md5,
        _ => null,
    };

    /// <summary>Whether the grain need not be asked again yet.</summary>
    public bool IsKnown(string account, TimeSpan now) => known.TryGetValue(account, out var found) && now - found.At < Life;

    /// <summary>Whether another answer than the last one may be expected of the grain.</summary>
    public bool MayHaveChanged(string account, TimeSpan now) => known.TryGetValue(account, out var found) && now - found.At > Fresh;

    /// <summary>Takes what the grain told. True when it is another thing than before: what phones have proven since is worth nothing.</summary>
    public bool Remember(string account, TerminalSecrets? secrets, TimeSpan now)
    {
        if (known.Count >= Most) MakeRoom(now);
        var changed = known.TryGetValue(account, out var before) && before.Secrets != secrets;
        known[account] = (secrets, now);
        return changed;
    }

    /// <summary>The last answer of the grain is not true any more.</summary>
    public void Outdate(string account)
    {
        if (known.TryGetValue(account, out var found)) known[account] = found with { At = TimeSpan.MinValue };
    }

    /// <summary>Of an account with bindings the last answer is kept, however old: another one ends them.</summary>
    void MakeRoom(TimeSpan now)
    {
        foreach (var account in known.Keys.Where(account => !hasBindings(account, now)).ToList()) known.Remove(account);
    }
}
