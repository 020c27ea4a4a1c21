using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using OrleansCallback.Members;
using OrleansCallback.Web.Errors;
using OrleansCallback.Web.Security;
using OrleansCallback.Web.Settings;

namespace OrleansCallback.Web.Sessions;

/// <summary>Login and logout.</summary>
public static class SessionEndpoints
{
    /// <summary>Maps <c>/v1/sessions</c>.</summary>
    public static void MapSessions(this IEndpointRouteBuilder app)
    {
        var sessions = app.MapGroup("/v1/sessions").WithTags("sessions");
        sessions.MapPost("", LogInAsync).WithName("log_in").RequireRateLimiting(LoginLimit.Policy)
            .WithSummary("Logs in: a bearer token for programs and a cookie for pages")
            .Refuses(Problems.MalformedRequest, Problems.WrongCredentials, Problems.TooManyFailures, Problems.TooManyLogins, Problems.Unavailable);
        sessions.MapGet("/current", CurrentAsync).WithName("current_session").RequireAuthorization()
            .WithSummary("The profile of who is logged in, with the stored number")
            .Refuses(Problems.NotLoggedIn);
        sessions.MapDelete("/current", LogOutAsync).WithName("log_out").RequireAuthorization()
            .WithSummary("Logs out: this login's token and cookie are no longer taken")
            .Refuses(Problems.NotLoggedIn, Problems.CrossSite);
    }

    static async Task<Results<Created<SessionBody>, Refusal>> LogInAsync(
        LogInBody body, HttpContext context, IGrainFactory grains, WebOptions web, TimeProvider time, IOptionsMonitor<BearerTokenOptions> bearer)
    {
        if (!AccountName.IsValid(body.Account) || body.Password is not { Length: > 0 and <= AccountName.LongestPassword })
            return new Refusal(Problems.WrongCredentials);
        var result = await grains.GetGrain<IMemberGrain>(GrainKeys.Member(web.Site, body.Account!)).LogIn(body.Password);
        switch (result)
        {
            case { Kind: LogInKind.Accepted, Profile: { } profile }:
                var expires = time.GetUtcNow().AddHours(web.LoginHours);
                await SetCookieAsync(context, profile, expires);
                var token = Token(bearer.Get(BearerTokenDefaults.AuthenticationScheme), profile, expires);
                return TypedResults.Created("/v1/sessions/current", new SessionBody(token, "Bearer", expires, MemberBody.From(profile)));
            case { Kind: LogInKind.TooManyFailures }:
                return new Refusal(Problems.TooManyFailures) { RetryAfter = result.RetryAfter ?? TimeSpan.FromSeconds(1) };
            default:
                return new Refusal(Problems.WrongCredentials);
        }
    }

    static async Task<Results<Ok<MemberBody>, Refusal>> CurrentAsync(ClaimsPrincipal user, IGrainFactory grains, WebOptions web) =>
        await grains.GetGrain<IMemberGrain>(GrainKeys.Member(web.Site, Login.AccountOf(user))).Profile() is { } profile
            ? TypedResults.Ok(MemberBody.From(profile))
            : new Refusal(Problems.NotLoggedIn);

    static async Task<NoContent> LogOutAsync(HttpContext context, EndedLogins ended)
    {
        if (Login.IdOf(context.User) is { } id)
            await ended.EndAsync(id);
        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return TypedResults.NoContent();
    }

    static Task SetCookieAsync(HttpContext context, MemberProfile profile, DateTimeOffset expires) => context.SignInAsync(
        CookieAuthenticationDefaults.AuthenticationScheme,
        Login.For(profile, CookieAuthenticationDefaults.AuthenticationScheme),
        new() { IsPersistent = true, ExpiresUtc = expires });

    static string Token(BearerTokenOptions options, MemberProfile profile, DateTimeOffset expires) => options.BearerTokenProtector.Protect(new(
        Login.For(profile, BearerTokenDefaults.AuthenticationScheme),
        new AuthenticationProperties { ExpiresUtc = expires },
        BearerTokenDefaults.AuthenticationScheme));
}
