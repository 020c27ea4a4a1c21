using System.Security.Claims;

namespace OrleansCallback.Web.Security;

/// <summary>Treats the holder of a login that was ended as one who is not logged in.</summary>
public sealed class EndedLoginCheck(RequestDelegate next, EndedLogins ended)
{
    /// <summary>Runs between authentication and authorization.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        if (Login.IdOf(context.User) is { } id && await ended.ContainsAsync(id))
            context.User = new ClaimsPrincipal(new ClaimsIdentity());
        await next(context);
    }
}
