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
    readonly TrunksOptions trunks;
    readonly Dictionary<string, IReadOnlyList<IPNetwork>> mediaNetworks;
    readonly Dictionary<string, Credentials?> credentials;
    Action<CallEvent>? subscriber;

    public SipEndpoint(
        IOptions<SipSettings> sip, IOptions<MediaSettings> media, IOptions<SiloSettings> silo, IOptions<TrunksOptions> trunks, ILogger<SipEndpoint> logger)
    {
        this.trunks = trunks.Value;
        mediaNetworks = this.trunks.Trunks.ToDictionary(
            trunk => trunk.Key, trunk => (IReadOnlyList<IPNetwork>)[.. trunk.Value.MediaNetworks.Select(network => IPNetwork.Parse(network))]);
        credentials = this.trunks.Trunks.ToDictionary(
            trunk => trunk.Key, trunk => trunk.Value.Username.Length == 0 ? null : new Credentials(trunk.Value.Username, trunk.Value.Password));
        Media = new MediaPlane(PlaneOptions(media.Value, silo.Value));
        Media.ClockGap += gap =>
        {
            Woke(logger, gap);
            Media.Resume();
        };
        Signalling = SignallingLoop.Start(new SignallingLoopOptions(sip.Value.Bind) { AdvertisedAddress = Address(sip.Value.AdvertisedAddress) }, happened => subscriber?.Invoke(happened));
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
        await Signalling.DisposeAsync();
        await Media.DisposeAsync();
    }

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

    [LoggerMessage(LogLevel.Warning, "This process stood still for {Gap}.")]
    static partial void Woke(ILogger logger, TimeSpan gap);
}
