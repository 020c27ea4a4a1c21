using Microsoft.AspNetCore.Http.HttpResults;
using OrleansCallback.Calls;
using OrleansCallback.Web.Errors;
using OrleansCallback.Web.Security;
using OrleansCallback.Web.Settings;

namespace OrleansCallback.Web.Callbacks;

/// <summary>Any member's callback, for who runs the site.</summary>
public static class OperatorEndpoints
{
    /// <summary>Maps <c>/v1/operator</c>.</summary>
    public static void MapOperator(this IEndpointRouteBuilder app)
    {
        var callbacks = app.MapGroup("/v1/operator/callbacks").WithTags("operator").RequireAuthorization(Roles.Operator)
            .Refuses(Problems.NotLoggedIn, Problems.Forbidden, Problems.Unavailable);
        callbacks.MapGet("/{id}", GetAsync).WithName("operator_get_callback").WithSummary("Where any member's callback stands")
            .Refuses(Problems.UnknownCallback);
    }

    static async Task<Results<Ok<CallbackBody>, Refusal>> GetAsync(string id, IGrainFactory grains, WebOptions web) =>
        id.Length <= 64 && await grains.GetGrain<ICallSessionGrain>(GrainKeys.Session(web.Site, id)).Get() is { } view
            ? TypedResults.Ok(CallbackBody.From(view, web.Currency))
            : new Refusal(Problems.UnknownCallback);
}
