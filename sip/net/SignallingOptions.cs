using System.Net;

namespace OrleansCallback.Sip.Net;

/// <summary>Settings of a <see cref="SignallingLoop"/>.</summary>
/// <param name="Bind">The local address and port; port 0 takes a free one.</param>
public sealed record SignallingOptions(IPEndPoint Bind)
{
    /// <summary>Our address as peers see it, "host:port"; null for the bound one. Needed when <see cref="Bind"/> is a wildcard.</summary>
    public string? SentBy { get; init; }

    /// <summary>Makes the user agent's settings from the address that stands in Via and Contact.</summary>
    public Func<string, UserAgentOptions> Agent { get; init; } = sentBy => new UserAgentOptions(sentBy);

    /// <summary>The most commands waiting for the loop.</summary>
    public int MaxCommands { get; init; } = 65_536;

    /// <summary>Bytes of the socket's receive and send buffer, each; the operating system may give less.</summary>
    public int SocketBufferBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>The pause of the loop's own clock that is taken for a hung process.</summary>
    public TimeSpan ClockGapLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The clock; only its monotonic timestamp is used.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
