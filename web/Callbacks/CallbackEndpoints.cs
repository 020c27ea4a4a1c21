using System.Security.Claims;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using OrleansCallback.Calls;
using OrleansCallback.Web.Errors;
using OrleansCallback.Web.Security;
using OrleansCallback.Web.Settings;

namespace OrleansCallback.Web.Callbacks;

/// <summary>A member's callbacks.</summary>
public static partial class CallbackEndpoints
{
    static readonly ProblemKind[] Refusals =
    [
        .. Enum.GetValues<CallOutcome>().Where(outcome => outcome is CallOutcome.InsufficientFunds or CallOutcome.AlreadyActive or CallOutcome.NoRate
            or CallOutcome.DestinationBlocked or CallOutcome.OutsideHours or CallOutcome.TrunkUnavailable or CallOutcome.NoCapacity
            or CallOutcome.MemberUnreachable or CallOutcome.MerchantUnreachable)
            .Select(Problems.Refused),
    ];

    /// <summary>Registers what the endpoints need.</summary>
    public static WebApplicationBuilder AddCallbacks(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PlaceCallback>();
        builder.Services.AddSingleton<CallEventHub>();
        return builder;
    }

    /// <summary>Maps <c>/v1/callbacks</c>: for members, each sees the own ones only.</summary>
    public static void MapCallbacks(this IEndpointRouteBuilder app)
    {
        var callbacks = app.MapGroup("/v1/callbacks").WithTags("callbacks").RequireAuthorization(Roles.Member)
            .Refuses(Problems.NotLoggedIn, Problems.Forbidden, Problems.Unavailable);
        callbacks.MapPost("", PlaceAsync).WithName("place_callback").WithSummary("Rings the member, then the merchant, and connects them")
            .WithDescription("Needs the Idempotency-Key header. A repeat with the same key gets the same answer, with the state known since, and never rings twice.")
            .Refuses([Problems.MalformedRequest, Problems.IdempotencyKeyRequired, Problems.IdempotencyKeyInvalid, Problems.UnknownMerchant,
                Problems.InvalidRequest, Problems.InvalidNumber, Problems.IdempotencyKeyReused, Problems.Undecided, .. Refusals]);
        callbacks.MapGet("/{id}", GetAsync).WithName("get_callback").WithSummary("Where a callback stands").Refuses(Problems.UnknownCallback);
        callbacks.MapDelete("/{id}", CancelAsync).WithName("cancel_callback").WithSummary("Cancels or hangs up, in whatever state it is; may be repeated")
            .Refuses(Problems.UnknownCallback);
        callbacks.MapGet("/{id}/events", EventsAsync).WithName("callback_events").WithSummary("The callback's steps as server-sent events")
            .WithDescription("Numbered from 1. Resumes after the number in Last-Event-ID (or ?after=) and ends with the final step; 204 once there is nothing left to tell.")
            .Refuses(Problems.MalformedRequest, Problems.UnknownCallback, Problems.TooManyReaders);
    }

    static Task<Results<Accepted<CallbackBody>, Refusal>> PlaceAsync(PlaceBody body, ClaimsPrincipal user, HttpRequest request, PlaceCallback place) =>
        place.PlaceAsync(user, request, body);

    static async Task<Results<Ok<CallbackBody>, Refusal>> GetAsync(string id, ClaimsPrincipal user, IGrainFactory grains, WebOptions web) =>
        await OwnAsync(id, user, grains, web) is { } view
            ? TypedResults.Ok(CallbackBody.From(view, web.Currency))
            : new Refusal(Problems.UnknownCallback);

    static async Task<Results<Accepted<CallbackBody>, Refusal>> CancelAsync(string id, ClaimsPrincipal user, IGrainFactory grains, WebOptions web)
    {
        if (await OwnAsync(id, user, grains, web) is null || await Session(id, grains, web).Cancel() is not { } view)
            return new Refusal(Problems.UnknownCallback);
        return TypedResults.Accepted($"/v1/callbacks/{view.Id}", CallbackBody.From(view, web.Currency));
    }

    static async Task<Results<ServerSentEvents, NoContent, Refusal>> EventsAsync(
        string id, long? after, ClaimsPrincipal user, HttpContext context, IGrainFactory grains, WebOptions web, CallEventHub hub)
    {
        if (!TryReadLastEvent(context.Request, after, out var last))
            return Problems.MalformedRequest.Because("Last-Event-ID and after are numbers of events, 0 or above.");
        if (await OwnAsync(id, user, grains, web) is not { } view)
            return new Refusal(Problems.UnknownCallback);
        if (view.Status.IsFinal() && last >= view.LastEvent)
            return TypedResults.NoContent();
        return hub.TryJoin(view.Id, last, out var reader) ? new ServerSentEvents(reader) : new Refusal(Problems.TooManyReaders);
    }

    /// <summary>A callback of this member; another's is as unknown as one that never was.</summary>
    static async Task<CallbackView?> OwnAsync(string id, ClaimsPrincipal user, IGrainFactory grains, WebOptions web) =>
        CallbackId().IsMatch(id) && await Session(id, grains, web).Get() is { } view
            && string.Equals(view.Caller, Login.AccountOf(user), StringComparison.OrdinalIgnoreCase) ? view : null;

    static ICallSessionGrain Session(string id, IGrainFactory grains, WebOptions web) =>
        grains.GetGrain<ICallSessionGrain>(GrainKeys.Session(web.Site, id));

    static bool TryReadLastEvent(HttpRequest request, long? after, out long last)
    {
        var header = request.Headers["Last-Event-ID"].ToString();
        last = after ?? 0;
        return (header.Length == 0 || long.TryParse(header, System.Globalization.NumberStyles.None, null, out last)) && last >= 0;
    }

    [GeneratedRegex(@"^[a-z0-9]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex CallbackId();
}
