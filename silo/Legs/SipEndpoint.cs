using System.Net;
using Microsoft.Extensions.Options;
using OrleansCallback.Silo.Settings;
using OrleansCallback.Sip;
using OrleansCallback.Sip.Net;
using OrleansCallback.Sip.Net.Media;
using OrleansCallback.Sip.Rtp;
using OrleansCallback.Terminals;
using OrleansCallback.Trunks;

namespace OrleansCallback.Silo.Legs;

/// <summary>The silo's sockets: one for SIP signalling, a pool for RTP. Made before the silo joins, since its trunks are offered with its address.</summary>
sealed partial class SipEndpoint : IAsyncDisposable
{
    const int DnsPort = 53;

    Action<CallEvent>? subscriber;

    public SipEndpoint(
        IOptions<SipSettings> sip, IOptions<MediaSettings> media, IOptions<SiloSettings> silo, IOptions<TerminalsOptions> terminals,
        ILogger<SipEndpoint> logger)
    {
        Media = new MediaPlane(PlaneOptions(media.Value, silo.Value));
        Media.ClockGap += gap =>
        {
            Woke(logger, gap);
            Media.Resume();
        };
        Tls = sip.Value.SpokenTransports.Contains(SipTransport.Tls) ? SipSettingsValidation.Load(sip.Value) : null;
        Signalling = new SignallingLoop(LoopOptions(sip.Value, Tls, agent => agent with
        {
            IsKnown = address => Carriers.Contains(address),
            IsRegistered = phone => IsRegistered?.Invoke(phone) == true,
            AcceptsRegisters = terminals.Value.Domain.Length > 0,
        }), Dispatch);
        Signalling.Faulted += fault => Faulted(logger, fault);
        Signalling.NotConnected += failure => Tell(logger, failure);
        Signalling.Start();
        foreach (var (transport, address) in Signalling.EndPoints) Speaking(logger, transport, address);
        Listening(logger, Signalling.LocalEndPoint, Media.Backend, media.Value.FirstPort, media.Value.LastPort);
        if (media.Value.SharedPorts > 0 && !MediaPlane.HasFullBuffers) SmallBuffers(logger);
    }

    public SignallingLoop Signalling { get; }

    public MediaPlane Media { get; }

    /// <summary>Our certificate and whom we trust; null without TLS.</summary>
    public TlsIdentity? Tls { get; }

    /// <summary>The signalling address for Via and Contact.</summary>
    public string SentBy => Signalling.SentBy;

    /// <summary>The addresses of trunks, which may send as much as they like; those of names are known to the loop itself.</summary>
    public IReadOnlySet<IPAddress> Carriers { get; set; } = new HashSet<IPAddress>();

    /// <summary>Gets what came of each OPTIONS, on the loop's thread.</summary>
    public Action<OptionsAnswered>? Pinged { get; set; }

    /// <summary>Gets what came of each REGISTER, on the loop's thread.</summary>
    public Action<RegistrationChanged>? Registered { get; set; }

    /// <summary>Gets each REGISTER, on the loop's thread.</summary>
    public Action<IncomingRegister>? Registering { get; set; }

    /// <summary>Whether a phone is registered from this address and port; asked on the loop's thread.</summary>
    public Func<IPEndPoint, bool>? IsRegistered { get; set; }

    public void Subscribe(Action<CallEvent> handler) => subscriber = handler;

    public async ValueTask DisposeAsync()
    {
        Signalling.Dispose();
        await Media.DisposeAsync();
    }

    void Dispatch(CallEvent happened)
    {
        if (happened is OptionsAnswered answer) Pinged?.Invoke(answer);
        else if (happened is RegistrationChanged registration) Registered?.Invoke(registration);
        else if (happened is IncomingRegister register) Registering?.Invoke(register);
        else subscriber?.Invoke(happened);
    }

    // Strangers choose where answers to them go: they shall not write our log. Carriers are few, and a person wants to know.
    void Tell(ILogger logger, Sip.Net.NotConnected failure)
    {
        var (peer, words) = (failure.Peer, WordsOf(failure.Cause));
        if (peer.ServerName is not null || Carriers.Contains(peer.EndPoint.Address)) NotConnected(logger, peer, peer.ServerName, failure.Why, words);
        else NotAnswerable(logger, peer, failure.Why, words);
    }

    static SignallingOptions LoopOptions(SipSettings sip, TlsIdentity? tls, Func<UserAgentOptions, UserAgentOptions> more) => new(sip.Bind)
    {
        Transports = sip.SpokenTransports,
        TcpPort = sip.TcpPort,
        TlsPort = sip.TlsPort,
        MutualTlsPort = sip.MutualTlsPort,
        Tls = tls,
        Streams = new StreamLimits { MaxAccepted = sip.MaxConnections, MaxAcceptedFromOne = sip.MaxConnectionsFromOne },
        Advertised = [.. sip.AdvertisedAddresses.Select(IPAddress.Parse)],
        Locator = new DnsServerLocator(
            [.. sip.DnsServerNames.Select(server => IPEndPoint.Parse(server) is { Port: 0 } bare ? new IPEndPoint(bare.Address, DnsPort) : IPEndPoint.Parse(server))],
            sip.SpokenTransports, sip.Families),
        Agent = sentBy => more(new(sentBy)
        {
            RefuseCallsWith = sip.IncomingAnswer,
            StrangerRate = sip.StrangerRate,
            Reliable = Enum.Parse<ReliableProvisional>(sip.ReliableProvisional, ignoreCase: true),
            SessionExpires = sip.SessionExpires == TimeSpan.Zero ? null : sip.SessionExpires,
            MinSessionExpires = sip.MinSessionExpires,
        }),
    };

    static MediaPlaneOptions PlaneOptions(MediaSettings media, SiloSettings silo) => new()
    {
        Addresses = media.MediaAddresses,
        InnerAddress = IPAddress.Parse(silo.Address),
        FirstPort = media.FirstPort,
        LastPort = media.LastPort,
        Threads = media.Threads,
        MaxLegs = media.MaxLegs,
        SharedPorts = media.SharedPorts,
        SourceRate = media.SourceRate,
        Quarantine = media.PortQuarantine,
        HoldAudio = media.HoldAudio.Length == 0 ? HoldTones.RingBack() : ReadHoldAudio(media.HoldAudio),
    };

    static HoldAudio ReadHoldAudio(string path) =>
        AudioFile.TryRead(File.ReadAllBytes(path), path, out var audio, out var error) ? new HoldAudio(audio) : throw new OptionsValidationException(
            "Media", typeof(MediaSettings), [$"Media:HoldAudio cannot be played: {error}"]);

    /// <summary>The innermost words: those of TLS itself.</summary>
    static string? WordsOf(Exception? cause) => cause?.InnerException is { } inner ? WordsOf(inner) : cause?.Message;

    [LoggerMessage(LogLevel.Information, "SIP listens on {Address}; RTP by {Backend} on ports {First}-{Last}.")]
    static partial void Listening(ILogger logger, IPEndPoint address, string backend, int first, int last);

    [LoggerMessage(LogLevel.Warning, "The system gives RTP sockets less than the 4 MB that shared ports need under load: set net.core.rmem_max to 4194304.")]
    static partial void SmallBuffers(ILogger logger);

    [LoggerMessage(LogLevel.Information, "SIP listens for {Transport} on {Address}.")]
    static partial void Speaking(ILogger logger, SipTransport transport, IPEndPoint address);

    [LoggerMessage(LogLevel.Debug, "No SIP connection to the stranger {Peer}: {Why}: {Message}")]
    static partial void NotAnswerable(ILogger logger, Hop peer, StreamEnd why, string? message);

    [LoggerMessage(LogLevel.Warning, "No SIP connection to {Peer} ({Name}): {Why}: {Message}")]
    static partial void NotConnected(ILogger logger, Hop peer, string? name, StreamEnd why, string? message);

    [LoggerMessage(LogLevel.Error, "A SIP event could not be handled.")]
    static partial void Faulted(ILogger logger, Exception fault);

    [LoggerMessage(LogLevel.Warning, "This process stood still for {Gap}.")]
    static partial void Woke(ILogger logger, TimeSpan gap);
}
