using System.Net;
using System.Net.Sockets;
using OrleansCallback.Sip.Rtp;
using OrleansCallback.Sip.Srtp;

namespace OrleansCallback.Sip.Net.Media;

/// <summary>What is known of a leg before its first offer.</summary>
public sealed record MediaLegOptions
{
    /// <summary>Where the trunk's media may come from besides the address in its SDP.</summary>
    public IReadOnlyList<IPNetwork> MediaNetworks { get; init; } = [];

    /// <summary>The family of addresses that the party is reached by; null, or one that the plane has no address of, for the plane's first.</summary>
    public AddressFamily? Family { get; init; }

    /// <summary>What kind of port it gets.</summary>
    public MediaPorts Ports { get; init; }

    /// <summary>By which trunk it is reached: with <see cref="MediaPorts.Shared"/> its legs earn the sharing together.</summary>
    public string Trunk { get; init; } = "";

    /// <summary>A leg that this one will be bridged with: it is opened on the same thread, so that a packet between them costs one hop.</summary>
    public MediaLeg? Near { get; init; }

    /// <summary>What this leg hears on hold; null for the plane's.</summary>
    public HoldAudio? HoldAudio { get; init; }

    /// <summary>Called for each event of the leg, one at a time and in order, on a thread of the pool. Must return soon: all legs share it.</summary>
    public Action<MediaLegEvent>? OnEvent { get; init; }
}

/// <summary>What one party's SDP says of where and how it wants audio.</summary>
/// <param name="Address">Connection address and port (RFC 8866 sections 5.7 and 5.14).</param>
/// <param name="Format">Law, payload type, ptime.</param>
/// <param name="Receives">False when the SDP says sendonly or inactive: nothing is sent to this party (RFC 3264 section 8.4).</param>
public sealed record MediaRemote(IPEndPoint Address, MediaFormat Format, bool Receives = true)
{
    /// <summary>The keys of both directions; null for plain RTP.</summary>
    public SrtpKeys? Srtp { get; init; }
}

/// <summary>The answer to <see cref="MediaPlane.Open"/>: a leg, or why there is none.</summary>
/// <param name="Leg">The leg; null when refused.</param>
public sealed record MediaOpening(MediaLeg? Leg)
{
    /// <summary>The pool has no free port: live legs go on undisturbed, and the caller refuses the call with the outcome no_capacity.</summary>
    public static MediaOpening NoCapacity { get; } = new((MediaLeg?)null);

    /// <summary>Whether a leg was opened.</summary>
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(true, nameof(Leg))]
    public bool IsOpen => Leg is not null;
}
