using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using OrleansCallback.Members;
using OrleansCallback.Merchants;
using OrleansCallback.Terminals;
using OrleansCallback.Web.Errors;
using OrleansCallback.Web.Merchants;
using OrleansCallback.Web.Security;
using OrleansCallback.Web.Settings;

namespace OrleansCallback.Web.Terminals;

/// <summary>VoIP terminals: a member's own, and those of merchants for administrators.</summary>
public static class TerminalEndpoints
{
    static readonly ProblemKind[] Makings =
        [Problems.MalformedRequest, Problems.InvalidRequest, Problems.AccountTaken, Problems.TooManyTerminals, Problems.NoTerminals];

    /// <summary>Maps <c>/v1/terminals</c> and <c>/v1/admin/merchants/{id}/terminals</c>.</summary>
    public static void MapTerminals(this IEndpointRouteBuilder app)
    {
        var own = app.MapGroup("/v1/terminals").WithTags("terminals").RequireAuthorization(Roles.Member)
            .Refuses(Problems.NotLoggedIn, Problems.Forbidden, Problems.Unavailable);
        own.MapGet("", ListAsync).WithName("list_terminals").WithSummary("The member's VoIP terminals").Refuses(Problems.NotLoggedIn);
        own.MapPost("", MakeAsync).WithName("make_terminal").WithSummary("Makes a VoIP terminal, or gives one of the own another password")
            .WithDescription("The password is in this answer and nowhere else.").Refuses(Makings);
        own.MapPut("/rings", RingAsync).WithName("choose_what_rings").WithSummary("Chooses what rings: the stored number or a terminal")
            .Refuses(Problems.MalformedRequest, Problems.InvalidRequest);
        own.MapDelete("/{account}", RemoveAsync).WithName("remove_terminal").WithSummary("Removes a terminal").Refuses(Problems.UnknownTerminal);

        var admin = app.MapGroup("/v1/admin/merchants/{id}/terminals").WithTags("admin").RequireAuthorization(Roles.SiteAdmin)
            .Refuses(Problems.NotLoggedIn, Problems.Forbidden, Problems.Unavailable, Problems.UnknownMerchant);
        admin.MapGet("", ListOfMerchantAsync).WithName("list_merchant_terminals").WithSummary("A merchant's VoIP terminals");
        admin.MapPost("", MakeOfMerchantAsync).WithName("make_merchant_terminal")
            .WithSummary("Makes a merchant's VoIP terminal, or gives it another password").Refuses(Makings);
        admin.MapDelete("/{account}", RemoveOfMerchantAsync).WithName("remove_merchant_terminal").WithSummary("Removes a merchant's terminal")
            .Refuses(Problems.UnknownTerminal);
    }

    static async Task<Results<Ok<TerminalsBody>, Refusal>> ListAsync(ClaimsPrincipal user, IGrainFactory grains, WebOptions web) =>
        await Member(user, grains, web).Profile() is { } profile
            ? TypedResults.Ok(TerminalsBody.From(await OwnerOf(user, grains, web).List(), profile.RingsTerminal))
            : new Refusal(Problems.NotLoggedIn);

    static async Task<Results<Created<MadeTerminalBody>, Refusal>> MakeAsync(
        MakeTerminalBody body, ClaimsPrincipal user, HttpResponse response, IGrainFactory grains, WebOptions web) =>
        Answer(response, "/v1/terminals", await OwnerOf(user, grains, web).Make(body.Account));

    static async Task<Results<NoContent, Refusal>> RingAsync(RingsBody body, ClaimsPrincipal user, IGrainFactory grains, WebOptions web)
    {
        if (body.Rings is not { } rings) return Problems.InvalidRequest.Because("rings is missing: write number or terminal.");
        return await Member(user, grains, web).RingTerminal(rings == Rings.Terminal) ? TypedResults.NoContent() : new Refusal(Problems.NotLoggedIn);
    }

    static async Task<Results<NoContent, Refusal>> RemoveAsync(string account, ClaimsPrincipal user, IGrainFactory grains, WebOptions web) =>
        await OwnerOf(user, grains, web).Remove(account) ? TypedResults.NoContent() : new Refusal(Problems.UnknownTerminal);

    static async Task<Results<Ok<TerminalsBody>, Refusal>> ListOfMerchantAsync(string id, IGrainFactory grains, WebOptions web) =>
        await FindAsync(id, grains, web) is { } merchant
            ? TypedResults.Ok(TerminalsBody.From(await OwnerOf(id, grains, web).List(), merchant.RingsTerminal))
            : new Refusal(Problems.UnknownMerchant);

    static async Task<Results<Created<MadeTerminalBody>, Refusal>> MakeOfMerchantAsync(
        string id, MakeTerminalBody body, HttpResponse response, IGrainFactory grains, WebOptions web) =>
        await FindAsync(id, grains, web) is null
            ? new Refusal(Problems.UnknownMerchant)
            : Answer(response, $"/v1/admin/merchants/{id}/terminals", await OwnerOf(id, grains, web).Make(body.Account));

    static async Task<Results<NoContent, Refusal>> RemoveOfMerchantAsync(string id, string account, IGrainFactory grains, WebOptions web) =>
        await FindAsync(id, grains, web) is null ? new Refusal(Problems.UnknownMerchant)
        : await OwnerOf(id, grains, web).Remove(account) ? TypedResults.NoContent() : new Refusal(Problems.UnknownTerminal);

    static Results<Created<MadeTerminalBody>, Refusal> Answer(HttpResponse response, string place, TerminalMade made)
    {
        switch (made.Result)
        {
            case TerminalMaking.Made:
                response.Headers.CacheControl = "no-store";
                return TypedResults.Created($"{place}/{made.Account}", MadeTerminalBody.From(made));
            case TerminalMaking.InvalidAccount:
                return Problems.InvalidRequest.Because(
                    "account has 3 to 32 lower-case letters, digits, dots, hyphens and underscores and starts with a letter or digit.");
            case TerminalMaking.AccountTaken: return new Refusal(Problems.AccountTaken);
            case TerminalMaking.TooMany: return new Refusal(Problems.TooManyTerminals);
            default: return new Refusal(Problems.NoTerminals);
        }
    }

    static async Task<Merchant?> FindAsync(string id, IGrainFactory grains, WebOptions web) =>
        MerchantId.IsValid(id) ? await grains.GetGrain<IMerchantGrain>(GrainKeys.Merchant(web.Site, id)).Get() : null;

    static IMemberGrain Member(ClaimsPrincipal user, IGrainFactory grains, WebOptions web) =>
        grains.GetGrain<IMemberGrain>(GrainKeys.Member(web.Site, Login.AccountOf(user)));

    static ITerminalOwnerGrain OwnerOf(ClaimsPrincipal user, IGrainFactory grains, WebOptions web) =>
        grains.GetGrain<ITerminalOwnerGrain>(GrainKeys.TerminalOwner(web.Site, GrainKeys.MemberOwner(Login.AccountOf(user))));

    static ITerminalOwnerGrain OwnerOf(string merchant, IGrainFactory grains, WebOptions web) =>
        grains.GetGrain<ITerminalOwnerGrain>(GrainKeys.TerminalOwner(web.Site, GrainKeys.MerchantOwner(merchant)));
}
