using System.Net;
using System.Net.Sockets;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Sip.Net.Media;

/// <summary>What a media plane needs to know before it opens its first port.</summary>
public sealed record MediaPlaneOptions
{
    /// <summary>Where RTP comes and goes: one address, or one of IPv4 and one of IPv6, the one first that legs get which ask for no family.</summary>
    public IReadOnlyList<MediaAddress> Addresses { get; init; } = [new(IPAddress.Loopback)];

    /// <summary>First port of the pool; RTP takes the even ones and RTCP's place is the odd one above (RFC 3550 section 11).</summary>
    public int FirstPort { get; init; } = 16384;

    /// <summary>Last port of the pool, included.</summary>
    public int LastPort { get; init; } = 32767;

    /// <summary>The address of the sockets between silos, for a bridge whose legs are on two of them; null for the first of <see cref="Addresses"/>.</summary>
    public IPAddress? InnerAddress { get; init; }

    /// <summary>Dedicated threads. A leg stays on its thread to its end.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Legs that may be up at once.</summary>
    public int MaxLegs { get; init; } = 10_000;

    /// <summary>Ports of each thread that legs may share; who comes when none of them has room gets its own. 0: none is shared.</summary>
    public int SharedPorts { get; init; } = 256;

    /// <summary>Packets a second that a leg takes of its party; what is more is dropped and counted. Audio has 50, or 100 of 10 ms.</summary>
    public int SourceRate { get; init; } = 400;

    /// <summary>How long an ended leg's port must have been without a packet of its old source before another leg gets it, or on a shared port,
    /// before another leg hears that source. Of ports for one leg a pool holds no more than (ports / 2) / (quarantine + call length) new ones a
    /// second: widen the range before shortening this.</summary>
    public TimeSpan Quarantine { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The same for a port on which no packet ever came: long enough for audio of a call whose CANCEL crosses the answer.
    /// Never more than <see cref="Quarantine"/>.</summary>
    public TimeSpan UnheardQuarantine { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What legs on hold hear unless <see cref="MediaLegOptions.HoldAudio"/> says otherwise.</summary>
    public HoldAudio HoldAudio { get; init; } = HoldTones.Melody();

    /// <summary>Use the framework's sockets where epoll is available too; elsewhere they are used anyway.</summary>
    public bool ManagedSockets { get; init; }

    /// <summary>Told of what an event's handler throws, to be logged; the other events go on.</summary>
    public Action<Exception>? OnHandlerFailure { get; init; }

    internal TimeSpan LeastQuarantine => UnheardQuarantine < Quarantine ? UnheardQuarantine : Quarantine;

    internal MediaAddress AddressOf(AddressFamily? family) =>
        Addresses.FirstOrDefault(address => address.Bound.AddressFamily == family) ?? Addresses[0];

    internal void Validate()
    {
        if (Addresses.Count == 0 || Addresses.DistinctBy(address => address.Bound.AddressFamily).Count() != Addresses.Count)
            throw new ArgumentException($"RTP addresses: {string.Join(", ", Addresses)}; write one, or one of IPv4 and one of IPv6.");
        if (FirstPort is < 1 or > 65534 || LastPort > 65535 || LastPort <= FirstPort)
            throw new ArgumentException($"The RTP port range {FirstPort}-{LastPort} must hold at least one even port and lie within 1-65535.");
        if (Threads is < 1 or > 64) throw new ArgumentException($"Media threads: {Threads}; write 1 to 64.");
        if (MaxLegs < 1) throw new ArgumentException($"Legs at once: {MaxLegs}; write 1 or more.");
        if (SharedPorts < 0) throw new ArgumentException($"Shared ports: {SharedPorts}; write 0 or more.");
        if (SourceRate < 1) throw new ArgumentException($"Packets a second of one source: {SourceRate}; write 1 or more.");
        if (Quarantine < TimeSpan.Zero || UnheardQuarantine < TimeSpan.Zero)
            throw new ArgumentException("The quarantine of a port must not be negative.");
    }
}

/// <summary>An address for RTP.</summary>
/// <param name="Bound">What sockets are bound to.</param>
/// <param name="Advertised">What goes into SDP when it differs from the bound one (NAT, a pod's node); null for the bound one.</param>
public sealed record MediaAddress(IPAddress Bound, IPAddress? Advertised = null);
