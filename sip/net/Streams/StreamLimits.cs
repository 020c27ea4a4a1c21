namespace OrleansCallback.Sip.Net;

/// <summary>Bounds on what peers can make streams hold. Each is counted by its name where it ends or refuses a connection.</summary>
public sealed record StreamLimits
{
    /// <summary>Connections that peers opened, in all.</summary>
    public int MaxAccepted { get; init; } = 8_192;

    /// <summary>Connections that one address opened.</summary>
    public int MaxAcceptedFromOne { get; init; } = 256;

    /// <summary>Connections that we opened, in all; apart from the others, so that a flood takes none of them.</summary>
    public int MaxOpened { get; init; } = 2_048;

    /// <summary>Bytes of messages that wait for one peer to read them.</summary>
    public int MaxUnsentBytes { get; init; } = 256 * 1024;

    /// <summary>Bytes that are taken from one connection before the others get their turn.</summary>
    public int PieceBytes { get; init; } = 8 * 1024;

    /// <summary>How long a connection may take to be made.</summary>
    public TimeSpan ConnectLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a connection may take to be made that only a request's size asks for; then the request goes by UDP.</summary>
    public TimeSpan SizeConnectLimit { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the TLS handshake may take.</summary>
    public TimeSpan HandshakeLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a message may take from its first byte to its last, and an accepted connection to its first byte.</summary>
    public TimeSpan MessageLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection is kept on which nothing is said, unless a registered phone or a live call needs it.</summary>
    public TimeSpan IdleLimit { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>After so long without a byte the operating system asks whether the peer is still there; whole seconds.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long it waits for an answer before it asks again; whole seconds.</summary>
    public TimeSpan KeepAliveRetry { get; init; } = TimeSpan.FromSeconds(15);
}

/// <summary>Why a connection ended, or was not made.</summary>
public enum StreamEnd
{
    /// <summary>The peer closed or reset it.</summary>
    ByPeer,
    /// <summary>It could not be made: refused, or no way there.</summary>
    NotReached,
    /// <summary><see cref="StreamLimits.ConnectLimit"/>.</summary>
    ConnectLimit,
    /// <summary><see cref="StreamLimits.SizeConnectLimit"/>.</summary>
    SizeConnectLimit,
    /// <summary><see cref="StreamLimits.HandshakeLimit"/>.</summary>
    HandshakeLimit,
    /// <summary>TLS failed: no TLS at the other end, no common version, a certificate that is not trusted or holds another name.</summary>
    Handshake,
    /// <summary><see cref="StreamLimits.MessageLimit"/>.</summary>
    MessageLimit,
    /// <summary><see cref="StreamLimits.IdleLimit"/>.</summary>
    IdleLimit,
    /// <summary><see cref="StreamLimits.MaxUnsentBytes"/>.</summary>
    MaxUnsentBytes,
    /// <summary>What came could not be cut into messages.</summary>
    Frame,
    /// <summary>We stop.</summary>
    Stopping,
}
