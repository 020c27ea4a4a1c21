namespace OrleansCallback;

/// <summary>
/// The string keys of all grains. Each starts with a letter that is no hexadecimal digit's reading of another kind and carries the site, so
/// that no two kinds or tenants share a row of grain storage (AdoNet storage folds keys that parse as numbers or GUIDs into one).
/// </summary>
public static class GrainKeys
{
    const string FlowPrefix = "flow:";

    /// <summary><see cref="Sites.ISiteGrain"/>.</summary>
    public static string Site(string site) => $"site-{site}";

    /// <summary><see cref="Members.IMemberGrain"/>. Accounts are compared without regard to case.</summary>
    public static string Member(string site, string account) => $"member-{site}/{account.ToLowerInvariant()}";

    /// <summary><see cref="Members.ILoginGrain"/>.</summary>
    public static string Login(string site, string login) => $"login-{site}/{login}";

    /// <summary><see cref="Merchants.IMerchantGrain"/>.</summary>
    public static string Merchant(string site, string merchant) => $"merchant-{site}/{merchant}";

    /// <summary><see cref="Wallets.IWalletGrain"/>; the wallet's own id is <c>kind/owner</c>.</summary>
    public static string Wallet(string site, string wallet) => $"wallet-{site}/{wallet}";

    /// <summary><see cref="Calls.ICallSessionGrain"/>.</summary>
    public static string Session(string site, string callback) => $"call-{site}/{callback}";

    /// <summary><see cref="Trunks.ITrunkGrain"/>.</summary>
    public static string Trunk(string site, string trunk) => $"trunk-{site}/{trunk}";

    /// <summary><see cref="Trunks.ITrunkDirectoryGrain"/>.</summary>
    public static string TrunkDirectory(string site) => $"trunks-{site}";

    /// <summary><see cref="Rates.IRateDeckGrain"/>.</summary>
    public static string RateDeck(string site, string deck) => $"rates-{site}/{deck}";

    /// <summary><see cref="Trunks.ISiloTrunksGrain"/>; the silo as <c>SiloAddress.ToParsableString()</c>.</summary>
    public static string SiloTrunks(string site, string silo) => $"owner-{site}/{silo}";

    /// <summary><see cref="Calls.ICallLegGrain"/>: <c>trunk:site/trunk/callback/leg/attempt</c>.</summary>
    public static string Leg(string site, string trunk, string callback, Calls.CallLeg leg, int attempt) =>
        $"trunk:{site}/{trunk}/{callback}/{leg}/{attempt}";

    /// <summary>
    /// <see cref="Calls.ICallLegGrain"/> of a leg to a registered terminal: <c>flow:site/silo/callback/leg/attempt</c>; the silo as
    /// <c>SiloAddress.ToParsableString()</c>.
    /// </summary>
    public static string FlowLeg(string site, string silo, string callback, Calls.CallLeg leg, int attempt) =>
        $"{FlowPrefix}{site}/{silo}/{callback}/{leg}/{attempt}";

    /// <summary>Whether a leg's key is one of <see cref="FlowLeg"/>.</summary>
    public static bool IsFlowLeg(string key) => key.StartsWith(FlowPrefix, StringComparison.Ordinal);

    /// <summary><see cref="Terminals.ITerminalGrain"/>.</summary>
    public static string Terminal(string site, string account) => $"terminal-{site}/{account}";

    /// <summary><see cref="Terminals.ITerminalOwnerGrain"/> of a member or a merchant.</summary>
    public static string TerminalOwner(string site, string owner) => $"phones-{site}/{owner}";

    /// <summary>The owner of a member's terminals.</summary>
    public static string MemberOwner(string account) => $"member/{account.ToLowerInvariant()}";

    /// <summary>The owner of a merchant's terminals.</summary>
    public static string MerchantOwner(string merchant) => $"merchant/{merchant}";

    /// <summary><see cref="Terminals.IPhoneSiloGrain"/>; the silo as <c>SiloAddress.ToParsableString()</c>.</summary>
    public static string PhoneSilo(string site, string silo) => $"phonesilo-{site}/{silo}";

    /// <summary>The site in any key of this class.</summary>
    public static string SiteOf(string key) => Parts(key)[0];

    /// <summary>What follows the site in a key made here: the account, the wallet, the callback.</summary>
    public static string NameOf(string key)
    {
        var rest = Rest(key);
        return rest[(rest.IndexOf('/', StringComparison.Ordinal) + 1)..];
    }

    /// <summary>The parts of a key after its prefix, cut at each slash: for a leg site, trunk, callback, leg and attempt.</summary>
    public static string[] Parts(string key) => Rest(key).Split('/');

    static string Rest(string key) => key[(key.AsSpan().IndexOfAny('-', ':') + 1)..];
}
