using System.Net;
using Microsoft.Extensions.Options;
using OrleansCallback.Silo.Settings;
using OrleansCallback.Sip;
using OrleansCallback.Sip.Net;
using OrleansCallback.Sip.Net.Media;
using OrleansCallback.Sip.Rtp;
using OrleansCallback.Trunks;

namespace OrleansCallback.Silo.Legs;

/// <summary>The silo's sockets: one for SIP signalling, a pool for RTP. Made before the silo joins, since its trunks are offered with its address.</summary>
sealed partial class SipEndpoint : IAsyncDisposable
{
    readonly Dictionary<string, IReadOnlyList<IPNetwork>> mediaNetworks;
    readonly Dictionary<string, Credentials?> credentials;
    Action<CallEvent>? subscriber;

    public SipEndpoint(
        IOptions<SipSettings> sip, IOptions<MediaSettings> media, IOptions<SiloSettings> silo, IOptions<TrunksOptions> trunks, ILogger<SipEndpoint> logger)
    {
        mediaNetworks = trunks.Value.Trunks.ToDictionary(
            trunk => trunk.Key, trunk => (IReadOnlyList<IPNetwork>)[.. trunk.Value.MediaNetworks.Select(network => IPNetwork.Parse(network))]);
        credentials = trunks.Value.Trunks.ToDictionary(
            trunk => trunk.Key, trunk => trunk.Value.Username.Length == 0 ? null : new Credentials(trunk.Value.Username, trunk.Value.Password));
        Media = new MediaPlane(PlaneOptions(media.Value, silo.Value));
        Media.ClockGap += gap =>
        {
            Woke(logger, gap);
            Media.Resume();
        };
        Signalling = new SignallingLoop(LoopOptions(sip.Value), happened => subscriber?.Invoke(happened));
        Signalling.Faulted += fault => Faulted(logger, fault);
        Signalling.Start();
        Listening(logger, Signalling.LocalEndPoint, Media.Backend, media.Value.FirstPort, media.Value.LastPort);
    }

    public SignallingLoop Signalling { get; }

    public MediaPlane Media { get; }

    /// <summary>The signalling address for Via and Contact.</summary>
    public string SentBy => Signalling.SentBy;

    public void Subscribe(Action<CallEvent> handler) => subscriber = handler;

    public IReadOnlyList<IPNetwork> MediaNetworks(string trunk) => mediaNetworks[trunk];

    public Credentials? CredentialsOf(string trunk) => credentials[trunk];

    public async ValueTask DisposeAsync()
    {
        Signalling.Dispose();
        await Media.DisposeAsync();
    }

    static SignallingOptions LoopOptions(SipSettings sip) => new(sip.Bind)
    {
        SentBy = sip.AdvertisedAddress.Length == 0 ? null : $"{sip.AdvertisedAddress}:{sip.Port}",
    };

    static MediaPlaneOptions PlaneOptions(MediaSettings media, SiloSettings silo) => new()
    {
        BindAddress = IPAddress.Parse(media.Address),
        AdvertisedAddress = Address(media.AdvertisedAddress),
        InnerAddress = IPAddress.Parse(silo.Address),
        FirstPort = media.FirstPort,
        LastPort = media.LastPort,
        Quarantine = media.PortQuarantine,
        HoldAudio = media.HoldAudio.Length == 0 ? HoldTones.RingBack() : ReadHoldAudio(media.HoldAudio),
    };

    static HoldAudio ReadHoldAudio(string path) =>
        HoldAudioFile.TryRead(File.ReadAllBytes(path), path, out var audio, out var error) ? audio : throw new OptionsValidationException(
            "Media", typeof(MediaSettings), [$"Media:HoldAudio cannot be played: {error}"]);

    static IPAddress? Address(string text) => text.Length == 0 ? null : IPAddress.Parse(text);

    [LoggerMessage(LogLevel.Information, "SIP listens on {Address}; RTP by {Backend} on ports {First}-{Last}.")]
    static partial void Listening(ILogger logger, IPEndPoint address, string backend, int first, int last);

    [LoggerMessage(LogLevel.Error, "A SIP event could not be handled.")]
    static partial void Faulted(ILogger logger, Exception fault);

    [LoggerMessage(LogLevel.Warning, "This process stood still for {Gap}.")]
    static partial void Woke(ILogger logger, TimeSpan gap);
}
