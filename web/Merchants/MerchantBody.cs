using OrleansCallback.Calls;
using OrleansCallback.Merchants;

namespace OrleansCallback.Web.Merchants;

/// <summary>A merchant in the public directory.</summary>
/// <param name="Id">The merchant's id.</param>
/// <param name="Name">As shown on the page.</param>
/// <param name="Description">A line for the directory.</param>
/// <param name="Number">The number with most of its digits hidden.</param>
/// <param name="Payer">Who pays for calls from this button.</param>
/// <param name="FreeForMember">Whether the call costs the member nothing.</param>
public sealed record MerchantBody(string Id, string Name, string Description, string Number, Payer Payer, bool FreeForMember)
{
    /// <summary>The merchant as everybody may see it.</summary>
    public static MerchantBody From(Merchant merchant) => new(
        merchant.Id, merchant.Name, merchant.Description, merchant.Number.Masked(), merchant.Payer, merchant.Payer != Payer.Member);
}

/// <summary>The site's directory.</summary>
/// <param name="Merchants">By name.</param>
public sealed record DirectoryBody(IReadOnlyList<MerchantBody> Merchants);
