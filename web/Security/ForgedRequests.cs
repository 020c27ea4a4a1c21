using Microsoft.AspNetCore.Authentication.Cookies;
using OrleansCallback.Web.Errors;

namespace OrleansCallback.Web.Security;

/// <summary>
/// Refuses what another site's page could make a browser send with our cookie: an unsafe method that rides on the cookie must come from
/// this origin and must be one that a plain form cannot send (JSON, or a header of our own).
/// </summary>
public sealed class ForgedRequests(RequestDelegate next)
{
    /// <summary>The header that a page sends with unsafe requests without a JSON body.</summary>
    public const string Header = "X-Requested-With";

    /// <summary>Runs after authentication.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
            return next(context);
        if (FromAnotherSite(request))
            return Problems.CrossSite.Because("Call this address from a page of this server, or with a bearer token.").ExecuteAsync(context);
        if (RidesOnCookie(context) && !request.HasJsonContentType() && !request.Headers.ContainsKey(Header))
            return Problems.CrossSite.Because($"With the cookie send Content-Type: application/json or the header {Header}.").ExecuteAsync(context);
        return next(context);
    }

    static bool RidesOnCookie(HttpContext context) =>
        context.User.Identity?.AuthenticationType == CookieAuthenticationDefaults.AuthenticationScheme;

    static bool FromAnotherSite(HttpRequest request)
    {
        if (request.Headers.ContainsKey("Authorization"))
            return false;
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0)
            return site is not ("same-origin" or "none");
        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0 && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority == Authority(request));
    }

    static string Authority(HttpRequest request) =>
        Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out var own) ? own.Authority : "";
}
