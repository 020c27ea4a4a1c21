using OrleansCallback.Calls;

namespace OrleansCallback.Merchants;

/// <summary>A merchant in a site's directory. Key: <see cref="GrainKeys.Merchant"/>.</summary>
[Alias("IMerchantGrain")]
public interface IMerchantGrain : IGrainWithStringKey
{
    /// <summary>The merchant; null if the site has none of this id.</summary>
    [Alias("Get")]
    Task<Merchant?> Get();

    /// <summary>Makes or replaces the merchant and lists it in the site's directory.</summary>
    [Alias("Put")]
    Task Put(Merchant merchant);
}

/// <summary>A merchant and its call button.</summary>
/// <param name="Id">Lower-case letters, digits and hyphens.</param>
/// <param name="Name">As shown on the page.</param>
/// <param name="Description">A line for the directory.</param>
/// <param name="Number">The number of leg B.</param>
/// <param name="Payer">Who pays for calls from this button.</param>
/// <param name="Sponsor">The sponsor's id when the payer is the sponsor.</param>
/// <param name="RingsTerminal">A VoIP terminal of the merchant rings in place of the number.</param>
/// <param name="Prompts">What is said in its calls; null: what the site's settings say alone.</param>
[GenerateSerializer, Immutable, Alias("Merchant")]
public sealed record Merchant(
    [property: Id(0)] string Id,
    [property: Id(1)] string Name,
    [property: Id(2)] string Description,
    [property: Id(3)] PhoneNumber Number,
    [property: Id(4)] Payer Payer,
    [property: Id(5)] string? Sponsor = null,
    [property: Id(6)] bool RingsTerminal = false,
    [property: Id(7)] MerchantPrompts? Prompts = null)
{
    /// <summary>The wallet that pays when <paramref name="member"/> clicks this merchant's button.</summary>
    public string PayerWallet(string member) => Payer switch
    {
        Payer.Member => $"member/{member.ToLowerInvariant()}",
        Payer.Merchant => $"merchant/{Id}",
        Payer.Sponsor => $"sponsor/{Sponsor ?? throw new InvalidOperationException($"Merchant {Id} is paid by a sponsor but names none.")}",
        _ => throw new InvalidOperationException($"Merchant {Id} has the unknown payer {Payer}."),
    };
}
