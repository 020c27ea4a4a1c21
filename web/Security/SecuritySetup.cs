using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using OrleansCallback.Web.Settings;

namespace OrleansCallback.Web.Security;

/// <summary>Who is asking, and what they may do.</summary>
public static class SecuritySetup
{
    const string EitherScheme = "login";
    const string CookieName = "callback_login";

    /// <summary>Bearer tokens for programs, a cookie for the page, roles as policies, keys in the cluster's database.</summary>
    public static WebApplicationBuilder AddSecurity(this WebApplicationBuilder builder)
    {
        builder.Services.AddAuthentication(EitherScheme)
            .AddPolicyScheme(EitherScheme, null, options =>
            {
                options.ForwardDefaultSelector = context => context.Request.Headers.ContainsKey("Authorization")
                    ? BearerTokenDefaults.AuthenticationScheme
                    : CookieAuthenticationDefaults.AuthenticationScheme;
                options.ForwardChallenge = BearerTokenDefaults.AuthenticationScheme;
                options.ForwardForbid = BearerTokenDefaults.AuthenticationScheme;
            })
            .AddBearerToken()
            .AddCookie();
        builder.Services.AddOptions<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme).Configure<WebOptions>(Cookie);
        builder.Services.AddAuthorizationBuilder().AddRolePolicies();
        builder.Services.AddSingleton<EndedLogins>();
        builder.Services.AddDataProtection().SetApplicationName("orleans-callback");
        builder.Services.AddOptions<KeyManagementOptions>()
            .Configure<IGrainFactory>((options, grains) => options.XmlRepository = new KeyRing(grains));
        return builder;
    }

    /// <summary>Finds out who asks, refuses forged requests and logins that have been ended.</summary>
    public static WebApplication UseSecurity(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseMiddleware<ForgedRequests>();
        app.UseMiddleware<EndedLoginCheck>();
        app.UseAuthorization();
        return app;
    }

    static void AddRolePolicies(this Microsoft.AspNetCore.Authorization.AuthorizationBuilder authorization)
    {
        foreach (var role in Roles.All)
            authorization.AddPolicy(role, policy => policy.RequireAuthenticatedUser().RequireRole(role));
        authorization.AddPolicy(Roles.SiteAdminOrOperator, policy => policy.RequireAuthenticatedUser().RequireRole(Roles.SiteAdmin, Roles.Operator));
        authorization.AddPolicy(Roles.SiteAdminOrFinance, policy => policy.RequireAuthenticatedUser().RequireRole(Roles.SiteAdmin, Roles.Finance));
    }

    static void Cookie(CookieAuthenticationOptions options, WebOptions web)
    {
        options.Cookie.Name = CookieName;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = TimeSpan.FromHours(web.LoginHours);
        options.SlidingExpiration = false;
    }
}
