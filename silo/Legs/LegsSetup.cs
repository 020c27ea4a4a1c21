using Microsoft.Extensions.Options;
using OrleansCallback.Calls;
using OrleansCallback.Silo.Prompts;
using OrleansCallback.Silo.Settings;
using OrleansCallback.Silo.Terminals;
using OrleansCallback.Terminals;
using OrleansCallback.Trunks;

namespace OrleansCallback.Silo.Legs;

static class LegsSetup
{
    public static void AddCallLegs(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SipEndpoint>();
        builder.Services.AddSingleton<TrunkChannels>();
        builder.Services.AddSingleton<TrunkRegistrations>();
        builder.Services.AddSingleton<TrunkHealth>();
        builder.Services.AddSingleton<CarrierAddresses>();
        builder.Services.AddSingleton<TerminalRegistrar>();
        builder.Services.AddSingleton<IPhoneSilo>(services => services.GetRequiredService<TerminalRegistrar>());
        builder.Services.AddHostedService(services => services.GetRequiredService<TerminalRegistrar>());
        builder.Services.AddSingleton(services => PromptLibrary.Load(services.GetRequiredService<IOptions<MediaSettings>>().Value));
        builder.Services.AddHostedService<PhonePings>();
        builder.Services.AddSingleton<SipCallLegs>();
        builder.Services.AddSingleton<ICallLegs>(services => services.GetRequiredService<SipCallLegs>());
        builder.Services.AddSingleton<ITrunkOffers, TrunkOffers>();
        builder.Services.AddHostedService(services => services.GetRequiredService<TrunkRegistrations>());
        builder.Services.AddSingleton<TrunkLeases>();
        builder.Services.AddHostedService(services => services.GetRequiredService<TrunkLeases>());
        builder.Services.AddHostedService<TrunkPings>();
        builder.Services.AddHostedService<CertificateWatch>();
        builder.Services.AddHostedService(services => services.GetRequiredService<CarrierAddresses>());
        builder.Services.AddHostedService<KeyExposure>();
    }
}
