namespace OrleansCallback.Sip.Rtp;

/// <summary>Decides whose packets a leg hears. The address in the SDP is often not the one that audio comes from (address translation, media
/// gateways), so the first believable source is taken, once, and nobody after it until the next offer and answer. Anything looser lets
/// whoever finds the port listen in or speak (RFC 7362 section 5 has the attacks).</summary>
/// <param name="networks">Where this trunk's media may come from besides the address in the SDP.</param>
public sealed class SourceLatch(IReadOnlyList<MediaNetwork> networks)
{
    /// <summary>After a new SDP with another address the source before, or if it never was known, any other than the new address, is not taken for
    /// so long: what still comes from there is old.</summary>
    public static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    MediaEndpoint? described;
    MediaEndpoint? former;
    TimeSpan farewellUntil;

    /// <summary>The source that was taken, null until then.</summary>
    public MediaEndpoint? Source { get; private set; }

    /// <summary>Where to send: the source once it is known, before that the address in the SDP; null when there is none yet.</summary>
    public MediaEndpoint? Target => Source ?? described;

    /// <summary>
    /// A new SDP from the other side: forget the source and wait for the first believable one again. One that only says where nothing is to be
    /// sent, as in the old way to hold (RFC 3264 section 8.4), leaves the party where it was: it may play music from there.
    /// </summary>
    public void Reset(MediaEndpoint sdpAddress, TimeSpan now)
    {
        var address = described is { } before && sdpAddress.IsNowhere ? before : sdpAddress;
        if (described is not null && address != described) (former, farewellUntil) = (Source, now + Farewell);
        described = address;
        Source = null;
    }

    /// <summary>As if there had been no SDP.</summary>
    public void Forget() => (described, Source) = (null, null);

    /// <summary>Whether a packet from this source is heard. The first that is becomes the only one.</summary>
    public bool Accept(MediaEndpoint source, TimeSpan now)
    {
        if (Source is { } taken) return taken == source;
        if (!IsBelievable(source, now)) return false;
        Source = source;
        return true;
    }

    /// <summary>Whether the source is taken for the party of the SDP.</summary>
    public bool IsBelievable(MediaEndpoint source, TimeSpan now) =>
        MayBe(source) && (now >= farewellUntil || source == described || (former ?? source) != source);

    /// <summary>Whether the source could be the party of the SDP: its address (any port) or the trunk's media networks.</summary>
    public bool MayBe(MediaEndpoint source)
    {
        if (described is not { } sdp) return false;
        if (source.Address == sdp.Address) return true;
        for (var i = 0; i < networks.Count; i++)
            if (networks[i].Contains(source)) return true;
        return false;
    }
}
