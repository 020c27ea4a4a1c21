using Microsoft.Extensions.Options;
using OrleansCallback.Silo.Settings;

namespace OrleansCallback.Web.Settings;

/// <summary>Reads and checks the settings.</summary>
public static class SettingsSetup
{
    /// <summary>Binds <see cref="WebOptions"/> to the configuration's root. A wrong one is thrown before anything starts.</summary>
    public static WebApplicationBuilder AddSettings(this WebApplicationBuilder builder)
    {
        var options = builder.Configuration.Get<WebOptions>() ?? new();
        var check = new WebOptionsCheck(builder.Configuration).Validate(null, options);
        if (check.Failed)
            throw new OptionsValidationException(nameof(WebOptions), typeof(WebOptions), check.Failures);
        ListenAddress.Check(builder.Configuration);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(TimeProvider.System);
        return builder;
    }
}
