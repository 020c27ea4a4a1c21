using Microsoft.AspNetCore.Http.HttpResults;
using OrleansCallback.Silo.Settings;
using OrleansCallback.Trunks;
using OrleansCallback.Web.Errors;
using OrleansCallback.Web.Security;
using OrleansCallback.Web.Settings;

namespace OrleansCallback.Web.Administration;

/// <summary>
/// Trunks and routes of a site, changed without a restart: what is written here is stored, lies over the configuration, and is in force on all
/// silos within seconds. Calls that are up stay as they are.
/// </summary>
public static class TrunkEndpoints
{
    /// <summary>Maps <c>/v1/admin/trunks</c> and <c>/v1/admin/routes</c>.</summary>
    public static void MapTrunks(this IEndpointRouteBuilder app)
    {
        var admin = app.MapGroup("/v1/admin").WithTags("trunks").RequireAuthorization(Roles.SiteAdminOrOperator)
            .Refuses(Problems.NotLoggedIn, Problems.Forbidden, Problems.Unavailable);
        admin.MapGet("/trunks", ListTrunksAsync).WithName("list_trunks").WithSummary("All trunks and how they do");
        admin.MapGet("/trunks/{id}", GetTrunkAsync).WithName("get_trunk").WithSummary("A trunk and how it does").Refuses(Problems.UnknownTrunk);
        admin.MapPut("/trunks/{id}", PutTrunkAsync).WithName("put_trunk").WithSummary("Makes or changes a trunk; what is left out stays as it is")
            .Refuses(Problems.MalformedRequest, Problems.InvalidRequest);
        admin.MapDelete("/trunks/{id}", RemoveTrunkAsync).WithName("remove_trunk").WithSummary("Takes a trunk out; its calls go on to their end")
            .Refuses(Problems.UnknownTrunk, Problems.TrunkNeeded);
        admin.MapGet("/routes", ListRoutesAsync).WithName("list_routes").WithSummary("All routes that were written");
        admin.MapPut("/routes/{prefix}", PutRouteAsync).WithName("put_route").WithSummary("Makes or replaces the route of a prefix: 49, or all")
            .Refuses(Problems.MalformedRequest, Problems.InvalidRequest);
        admin.MapDelete("/routes/{prefix}", RemoveRouteAsync).WithName("remove_route").WithSummary("Takes a route out").Refuses(Problems.UnknownRoute);
    }

    static async Task<Ok<TrunkListBody>> ListTrunksAsync(IGrainFactory grains, WebOptions web)
    {
        var directory = await Directory(grains, web).Current();
        return TypedResults.Ok(new TrunkListBody(await Task.WhenAll(directory.Trunks.Select(trunk => BodyAsync(trunk, grains, web))), directory.Version));
    }

    static async Task<Results<Ok<TrunkBody>, Refusal>> GetTrunkAsync(string id, IGrainFactory grains, WebOptions web) =>
        await FindAsync(id, grains, web) is { } trunk ? TypedResults.Ok(await BodyAsync(trunk, grains, web)) : new Refusal(Problems.UnknownTrunk);

    static async Task<Results<Ok<TrunkBody>, Refusal>> PutTrunkAsync(string id, PutTrunkBody body, IGrainFactory grains, WebOptions web)
    {
        if (!TrunkRules.IsId(id))
            return Problems.InvalidRequest.Because($"A trunk's id has {TrunkRules.IdRule}.");
        if (body.Wrong() is { } absent) return Problems.InvalidRequest.Because(absent);
        var trunk = body.Over((await FindAsync(id, grains, web))?.Trunk);
        if (TrunkRules.Of(trunk, PutTrunkBody.Seconds).FirstOrDefault() is { } wrong)
            return Problems.InvalidRequest.Because(PutTrunkBody.InNamesOfTheApi(wrong));
        switch (await Directory(grains, web).PutTrunk(id, trunk, body.Password))
        {
            case PutTrunkResult.PasswordNeeded:
                return Problems.InvalidRequest.Because("password has to be written again where address, transport, domain, username or register changes.");
            case PutTrunkResult.TransportNotSpoken:
                return Problems.InvalidRequest.Because($"transport is '{trunk.Transport}', which the silos do not speak; write it in their Sip:Transports first.");
            default: break;
        }

        var stored = await FindAsync(id, grains, web) ?? throw new InvalidOperationException($"Trunk {id} was stored and is not there.");
        return TypedResults.Ok(await BodyAsync(stored, grains, web));
    }

    static async Task<Results<NoContent, Refusal>> RemoveTrunkAsync(string id, IGrainFactory grains, WebOptions web) =>
        (TrunkRules.IsId(id) ? await Directory(grains, web).RemoveTrunk(id) : null) switch
        {
            null => new Refusal(Problems.UnknownTrunk),
            [] => TypedResults.NoContent(),
            var routes => Problems.TrunkNeeded.Because($"The routes of {string.Join(", ", routes)} have no other trunk; change them or take them out first."),
        };

    static async Task<Ok<RouteListBody>> ListRoutesAsync(IGrainFactory grains, WebOptions web) =>
        TypedResults.Ok(new RouteListBody([.. (await Directory(grains, web).Current()).Routes.Select(RouteBody.From)]));

    static async Task<Results<Ok<RouteBody>, Refusal>> PutRouteAsync(string prefix, PutRouteBody body, IGrainFactory grains, WebOptions web)
    {
        var choices = (body.Trunks ?? []).Select(choice => choice is null ? new("") : new RouteChoice(choice.Trunk ?? "", choice.Priority, choice.Weight)).ToList();
        var written = TrunkRules.Prefix(prefix);
        if (TrunkRules.OfRoute(written, choices).FirstOrDefault() is { } wrong)
            return Problems.InvalidRequest.Because(wrong);
        var known = (await Directory(grains, web).Current()).Trunks.Select(trunk => trunk.Id).ToHashSet();
        if (choices.FirstOrDefault(choice => !known.Contains(choice.Trunk)) is { } unknown)
            return Problems.InvalidRequest.Because($"There is no trunk '{unknown.Trunk}'.");
        await Directory(grains, web).PutRoute(written, choices);
        return TypedResults.Ok(RouteBody.From(new(written, choices, Stored: true)));
    }

    static async Task<Results<NoContent, Refusal>> RemoveRouteAsync(string prefix, IGrainFactory grains, WebOptions web) =>
        await Directory(grains, web).RemoveRoute(TrunkRules.Prefix(prefix)) ? TypedResults.NoContent() : new Refusal(Problems.UnknownRoute);

    static async Task<ListedTrunk?> FindAsync(string id, IGrainFactory grains, WebOptions web) =>
        (await Directory(grains, web).Current()).Trunks.FirstOrDefault(trunk => trunk.Id == id);

    static async Task<TrunkBody> BodyAsync(ListedTrunk trunk, IGrainFactory grains, WebOptions web) =>
        TrunkBody.From(trunk, await grains.GetGrain<ITrunkGrain>(GrainKeys.Trunk(web.Site, trunk.Id)).Owners());

    static ITrunkDirectoryGrain Directory(IGrainFactory grains, WebOptions web) =>
        grains.GetGrain<ITrunkDirectoryGrain>(GrainKeys.TrunkDirectory(web.Site));
}
