using OrleansCallback.Trunks;

namespace OrleansCallback.Terminals;

/// <summary>The VoIP terminals of a member or a merchant. Key: <see cref="GrainKeys.TerminalOwner"/>.</summary>
[Alias("ITerminalOwnerGrain")]
public interface ITerminalOwnerGrain : IGrainWithStringKey
{
    /// <summary>Makes a terminal, or gives one of the own another password.</summary>
    /// <param name="account">The name that the phone logs in with; null: one is made up.</param>
    [Alias("Make")]
    Task<TerminalMade> Make(string? account);

    /// <summary>Removes a terminal; false: the owner has none of this name.</summary>
    [Alias("Remove")]
    Task<bool> Remove(string account);

    /// <summary>All terminals of the owner by name.</summary>
    [Alias("List")]
    Task<TerminalList> List();

    /// <summary>How many flows can be rung now.</summary>
    [Alias("FlowCount")]
    Task<int> FlowCount();

    /// <summary>What a leg to one of the flows is made of; null: there is none of this number now.</summary>
    /// <param name="number">1 for the best liked flow.</param>
    [Alias("Offer")]
    Task<TrunkOffer?> Offer(int number);
}

/// <summary>What became of making a terminal.</summary>
[GenerateSerializer, Alias("TerminalMaking")]
public enum TerminalMaking
{
    /// <summary>It is there.</summary>
    Made,
    /// <summary>The name is no account's name.</summary>
    InvalidAccount,
    /// <summary>The name is another owner's.</summary>
    AccountTaken,
    /// <summary>The owner has as many as an owner may have.</summary>
    TooMany,
    /// <summary>The site has no domain for terminals.</summary>
    NotOffered,
}

/// <summary>What a phone is set up with. The password is told here and nowhere else.</summary>
/// <param name="Result">What became of it; the rest is empty unless it was made.</param>
/// <param name="Account">The name that the phone logs in with.</param>
/// <param name="Password">The password.</param>
/// <param name="Domain">The domain of its address, which is also the registrar.</param>
/// <param name="Server">Host and port that the phone sends to where the domain does not lead there; empty: the domain.</param>
/// <param name="Transport"><c>udp</c>, <c>tcp</c> or <c>tls</c>.</param>
[GenerateSerializer, Immutable, Alias("TerminalMade")]
public sealed record TerminalMade(
    [property: Id(0)] TerminalMaking Result,
    [property: Id(1)] string Account = "",
    [property: Id(2)] string Password = "",
    [property: Id(3)] string Domain = "",
    [property: Id(4)] string Server = "",
    [property: Id(5)] string Transport = "");

/// <summary>An owner's terminals.</summary>
/// <param name="Domain">The site's domain for terminals; empty: it offers none.</param>
/// <param name="Terminals">By account.</param>
[GenerateSerializer, Immutable, Alias("TerminalList")]
public sealed record TerminalList([property: Id(0)] string Domain, [property: Id(1)] IReadOnlyList<TerminalView> Terminals);

/// <summary>A terminal as its owner sees it.</summary>
/// <param name="Account">The name that the phone logs in with.</param>
/// <param name="Flows">How many phones are registered with it now.</param>
[GenerateSerializer, Immutable, Alias("TerminalView")]
public sealed record TerminalView([property: Id(0)] string Account, [property: Id(1)] int Flows);
