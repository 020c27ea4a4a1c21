using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using OrleansCallback.Wallets;
using OrleansCallback.Web.Errors;
using OrleansCallback.Web.Security;
using OrleansCallback.Web.Settings;

namespace OrleansCallback.Web.Wallets;

/// <summary>A member's own wallet.</summary>
public static class WalletEndpoints
{
    /// <summary>Maps <c>/v1/wallets</c>.</summary>
    public static void MapWallets(this IEndpointRouteBuilder app)
    {
        var wallets = app.MapGroup("/v1/wallets").WithTags("wallets").RequireAuthorization(Roles.Member)
            .Refuses(Problems.NotLoggedIn, Problems.Forbidden, Problems.Unavailable);
        wallets.MapGet("/me", OwnAsync).WithName("own_wallet").WithSummary("The balance of who is logged in; zero if nothing was ever paid in");
    }

    static async Task<Ok<WalletBody>> OwnAsync(ClaimsPrincipal user, IGrainFactory grains, WebOptions web)
    {
        var wallet = WalletId.OfMember(Login.AccountOf(user));
        var balance = await grains.GetGrain<IWalletGrain>(GrainKeys.Wallet(web.Site, wallet)).Balance();
        return TypedResults.Ok(WalletBody.From(wallet, balance ?? new(Money.Zero, Money.Zero, Money.Zero, web.Currency, 0)));
    }
}
