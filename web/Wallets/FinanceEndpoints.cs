using Microsoft.AspNetCore.Http.HttpResults;
using OrleansCallback.Wallets;
using OrleansCallback.Web.Callbacks;
using OrleansCallback.Web.Errors;
using OrleansCallback.Web.Security;
using OrleansCallback.Web.Settings;

namespace OrleansCallback.Web.Wallets;

/// <summary>Wallets, their entries and call detail records, for finance.</summary>
public static class FinanceEndpoints
{
    const int DefaultPage = 500;
    const int LargestPage = 2000;

    /// <summary>Maps <c>/v1/finance</c>.</summary>
    public static void MapFinance(this IEndpointRouteBuilder app)
    {
        var finance = app.MapGroup("/v1/finance").WithTags("finance").RequireAuthorization(Roles.Finance)
            .Refuses(Problems.NotLoggedIn, Problems.Forbidden, Problems.Unavailable);
        finance.MapGet("/wallets/{kind}/{owner}", WalletAsync).WithName("get_wallet").WithSummary("A wallet's balance").Refuses(Problems.UnknownWallet);
        finance.MapGet("/wallets/{kind}/{owner}/entries", EntriesAsync).WithName("wallet_entries")
            .WithSummary("A wallet's entries after a sequence number, oldest first").Refuses(Problems.UnknownWallet, Problems.InvalidRequest);
        finance.MapPost("/wallets/{kind}/{owner}/top-ups", TopUpAsync).WithName("top_up").WithSummary("Pays into a wallet and opens it if it is new")
            .WithDescription("Needs the Idempotency-Key header; a repeat with the same key and amount changes nothing.")
            .Refuses(Problems.UnknownWallet, Problems.IdempotencyKeyRequired, Problems.IdempotencyKeyInvalid, Problems.InvalidRequest,
                Problems.IdempotencyKeyReused, Problems.Undecided);
        finance.MapGet("/callbacks/{id}/cdr", CdrAsync).WithName("get_cdr").WithSummary("The call detail record of an ended callback")
            .Refuses(Problems.UnknownCallback);
    }

    static async Task<Results<Ok<WalletBody>, Refusal>> WalletAsync(string kind, string owner, IGrainFactory grains, WebOptions web) =>
        WalletId.TryMake(kind, owner, out var wallet) && await Wallet(wallet, grains, web).Balance() is { } balance
            ? TypedResults.Ok(WalletBody.From(wallet, balance))
            : new Refusal(Problems.UnknownWallet);

    static async Task<Results<Ok<EntriesBody>, Refusal>> EntriesAsync(
        string kind, string owner, long? after, int? limit, IGrainFactory grains, WebOptions web)
    {
        if (!WalletId.TryMake(kind, owner, out var wallet))
            return new Refusal(Problems.UnknownWallet);
        var (from, most) = (after ?? 0, limit ?? DefaultPage);
        if (from < 0 || most is < 1 or > LargestPage)
            return Problems.InvalidRequest.Because($"after is 0 or above, limit is 1 to {LargestPage}.");
        var entries = await grains.GetGrain<ILedgerReadGrain>(web.Site).Entries(wallet, from, most);
        var next = entries.Count == most ? entries[^1].Sequence : null;
        return TypedResults.Ok(new EntriesBody([.. entries.Select(entry => EntryBody.From(entry, web.Currency))], next));
    }

    static async Task<Results<Ok<CdrBody>, Refusal>> CdrAsync(string id, IGrainFactory grains, WebOptions web) =>
        id.Length <= 64 && await grains.GetGrain<ILedgerReadGrain>(web.Site).Cdr(id) is { } cdr
            ? TypedResults.Ok(CdrBody.From(cdr, web.Currency))
            : new Refusal(Problems.UnknownCallback);

    static async Task<Results<Ok<WalletBody>, Refusal>> TopUpAsync(
        string kind, string owner, TopUpBody body, HttpRequest request, IGrainFactory grains, WebOptions web)
    {
        if (!WalletId.TryMake(kind, owner, out var wallet))
            return new Refusal(Problems.UnknownWallet);
        if (!IdempotencyKey.TryRead(request, out var key, out var refusal))
            return refusal!;
        if (body.Micros is not > 0)
            return Problems.InvalidRequest.Because("micros is missing or not above zero.");
        if (body.Currency is { } currency && currency != web.Currency)
            return Problems.InvalidRequest.Because($"currency is {web.Currency} on this site.");
        var grain = Wallet(wallet, grains, web);
        return await grain.Credit(new(key, new(body.Micros.Value), web.Currency)) switch
        {
            WalletResult.Done when await grain.Balance() is { } balance => TypedResults.Ok(WalletBody.From(wallet, balance)),
            WalletResult.Conflict => new Refusal(Problems.IdempotencyKeyReused),
            _ => new Refusal(Problems.Undecided)
            {
                Detail = "Send the request again with the same Idempotency-Key.",
                RetryAfter = PlaceCallback.RetryWhenUndecided,
            },
        };
    }

    static IWalletGrain Wallet(string wallet, IGrainFactory grains, WebOptions web) =>
        grains.GetGrain<IWalletGrain>(GrainKeys.Wallet(web.Site, wallet));
}
