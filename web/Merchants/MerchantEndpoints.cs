using Microsoft.AspNetCore.Http.HttpResults;
using OrleansCallback.Merchants;
using OrleansCallback.Sites;
using OrleansCallback.Web.Errors;
using OrleansCallback.Web.Settings;

namespace OrleansCallback.Web.Merchants;

/// <summary>The public directory.</summary>
public static class MerchantEndpoints
{
    /// <summary>Maps <c>/v1/merchants</c>.</summary>
    public static void MapMerchants(this IEndpointRouteBuilder app)
    {
        var merchants = app.MapGroup("/v1/merchants").WithTags("merchants").AllowAnonymous();
        merchants.MapGet("", ListAsync).WithName("list_merchants").WithSummary("All merchants of the site by name");
        merchants.MapGet("/{id}", GetAsync).WithName("get_merchant").WithSummary("One merchant").Refuses(Problems.UnknownMerchant);
    }

    static async Task<Ok<DirectoryBody>> ListAsync(IGrainFactory grains, WebOptions web)
    {
        var merchants = await grains.GetGrain<ISiteGrain>(GrainKeys.Site(web.Site)).Merchants();
        return TypedResults.Ok(new DirectoryBody([.. merchants.Select(MerchantBody.From)]));
    }

    static async Task<Results<Ok<MerchantBody>, Refusal>> GetAsync(string id, IGrainFactory grains, WebOptions web) =>
        MerchantId.IsValid(id) && await grains.GetGrain<IMerchantGrain>(GrainKeys.Merchant(web.Site, id)).Get() is { } merchant
            ? TypedResults.Ok(MerchantBody.From(merchant))
            : new Refusal(Problems.UnknownMerchant);
}
