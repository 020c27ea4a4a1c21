using Microsoft.Extensions.Options;

namespace OrleansCallback.Web.Settings;

/// <summary>Reads and checks the settings.</summary>
public static class SettingsSetup
{
    /// <summary>Binds <see cref="WebOptions"/> to the configuration's root and checks them before anything starts.</summary>
    public static WebApplicationBuilder AddSettings(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IValidateOptions<WebOptions>, WebOptionsCheck>();
        builder.Services.AddOptions<WebOptions>().Bind(builder.Configuration).ValidateOnStart();
        builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<WebOptions>>().Value);
        builder.Services.AddSingleton(TimeProvider.System);
        return builder;
    }
}
