using OrleansCallback.Calls;

namespace OrleansCallback.Silo.Legs;

static class LegsSetup
{
    public static void AddCallLegs(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SipEndpoint>();
        builder.Services.AddSingleton<TrunkChannels>();
        builder.Services.AddSingleton<SipCallLegs>();
        builder.Services.AddSingleton<ICallLegs>(services => services.GetRequiredService<SipCallLegs>());
    }
}
