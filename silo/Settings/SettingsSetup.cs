using Microsoft.Extensions.Options;
using OrleansCallback.Calls;
using OrleansCallback.Terminals;
using OrleansCallback.Trunks;

namespace OrleansCallback.Silo.Settings;

static class SettingsSetup
{
    /// <summary>Binds and validates every setting of a silo; a wrong one stops the start with a message.</summary>
    public static void AddSiloSettings(this IHostApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var services = builder.Services;
        services.AddOptions<SiteSettings>().Bind(configuration);
        services.AddOptions<SiloSettings>().Bind(configuration.GetSection("Silo")).ValidateOnStart();
        services.AddOptions<SipSettings>().Bind(configuration.GetSection("Sip")).ValidateOnStart();
        services.AddOptions<MediaSettings>().Bind(configuration.GetSection("Media")).ValidateOnStart();
        services.AddOptions<CallOptions>().Bind(configuration.GetSection("Calls")).ValidateOnStart();
        services.AddOptions<TrunksOptions>().Configure(options => BindTrunks(configuration, options)).ValidateOnStart();
        services.AddOptions<TerminalsOptions>().Bind(configuration.GetSection("Terminals")).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TerminalsOptions>, TerminalsOptionsValidation>();
        services.AddSingleton<IValidateOptions<SiloSettings>, SiloSettingsValidation>();
        services.AddSingleton<IValidateOptions<SipSettings>, SipSettingsValidation>();
        services.AddSingleton<IValidateOptions<MediaSettings>, MediaSettingsValidation>();
        services.AddSingleton<IValidateOptions<CallOptions>, CallOptionsValidation>();
        services.AddSingleton<IValidateOptions<TrunksOptions>, TrunksOptionsValidation>();
    }

    /// <summary>The trunks and routes as configured, with all numbers carried where no prefix is given.</summary>
    public static void BindTrunks(IConfiguration configuration, TrunksOptions options)
    {
        configuration.GetSection("Trunks").Bind(options.Trunks);
        foreach (var (_, trunk) in options.Trunks)
        {
            if (trunk.Prefixes.Count == 0) trunk.Prefixes.Add("+");
            else if (trunk.Prefixes is ["none"]) trunk.Prefixes.Clear(); // a list that is empty cannot be written in an environment
            if (trunk.Domain.Length == 0) trunk.Domain = trunk.Address;
        }

        foreach (var route in configuration.GetSection("Routes").GetChildren())
            options.Routes[TrunksOptions.Prefix(route.Key)] = [.. route.GetChildren().Select(RouteOf)];
        var silo = configuration.GetSection("Silo").Get<SiloSettings>() ?? new();
        options.TerminalRatePerSecond = configuration.GetValue("Terminals:RatePerSecond", 0L);
        options.Transports = (configuration.GetSection("Sip").Get<SipSettings>() ?? new()).TransportNames;
        (options.Owned, options.SiloName) = (silo.OwnedTrunks, silo.Name);
    }

    static RouteChoice RouteOf(IConfigurationSection choice) =>
        new(choice["Trunk"] ?? "", choice.GetValue("Priority", 0), choice.GetValue("Weight", 1));
}
