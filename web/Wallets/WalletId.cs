using OrleansCallback.Web.Merchants;
using OrleansCallback.Web.Settings;

namespace OrleansCallback.Web.Wallets;

/// <summary>The ids of wallets: <c>member/alice</c>, <c>merchant/bakery</c>, <c>sponsor/acme</c>.</summary>
public static class WalletId
{
    /// <summary>A member's own wallet.</summary>
    public static string OfMember(string account) => $"member/{account.ToLowerInvariant()}";

    /// <summary>The id for a kind and an owner; false if there can be no such wallet.</summary>
    public static bool TryMake(string kind, string owner, out string wallet)
    {
        wallet = kind == "member" ? OfMember(owner) : $"{kind}/{owner}";
        return kind switch
        {
            "member" => AccountName.IsValid(owner),
            "merchant" or "sponsor" => MerchantId.IsValid(owner),
            _ => false,
        };
    }
}
