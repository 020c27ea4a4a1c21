using System.Net;
using System.Net.Sockets;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Sip.Net.Media;

/// <summary>What a leg does with audio.</summary>
public enum MediaLegState
{
    /// <summary>Sends nothing; what it hears is counted and dropped.</summary>
    Waiting,

    /// <summary>Sends hold audio; what it hears is counted and dropped.</summary>
    Hold,

    /// <summary>Exchanges packets with another leg.</summary>
    Bridged,

    /// <summary>Ended.</summary>
    Closed,
}

/// <summary>The audio of one leg: a port toward the party, and what happens to its packets. The methods return at once and take effect on the
/// media thread in the order of the calls; after <see cref="CloseAsync"/> they do nothing.</summary>
/// <remarks>Nothing is sent to a leg and nothing of it is forwarded before both <see cref="SetGrant"/> and <see cref="StartClock"/>, nor after
/// the grant's end: the thread keeps to it alone, so that audio stops in paid time whatever has happened to everybody else. This goes for
/// each leg of a bridge, also for one that costs nothing.</remarks>
public sealed class MediaLeg
{
    readonly MediaPlane plane;
    readonly LegRelay relay;
    readonly string trunk;
    readonly Action<MediaLegEvent>? onEvent;
    readonly Lock gate = new();
    IPEndPoint? inner;
    MediaEndpoint? said;
    bool closed;

    internal MediaLeg(MediaPlane plane, MediaThread thread, Func<MediaLeg, LegRelay> relay, MediaLegOptions options)
    {
        this.plane = plane;
        (trunk, onEvent) = (options.Trunk, options.OnEvent);
        Thread = thread;
        this.relay = relay(this);
    }

    /// <summary>What goes into the SDP as connection address and port.</summary>
    public IPEndPoint LocalEndPoint => relay.Port.Advertised;

    /// <summary>What the leg does now; lags the last call by as long as the media thread needs to get to it.</summary>
    public MediaLegState State => relay.State;

    /// <summary>The leg's counters up to now.</summary>
    public MediaStatistics Statistics => relay.Counters.Read(Thread.Loop.Now);

    internal MediaThread Thread { get; }

    internal LegRelay Relay => relay;

    /// <summary>The party's SDP, from an answer or from its re-INVITE. The source is taken anew: the first packet from the SDP's address or
    /// the trunk's media networks fixes it, until the next call of this method.</summary>
    public void SetRemote(MediaRemote remote)
    {
        ArgumentNullException.ThrowIfNull(remote);
        var address = MediaEndpoint.From(remote.Address);
        lock (gate)
        {
            if (closed) return;
            plane.Sharing.Answered(trunk, said, address, Thread.Loop.Now);
            said = address;
        }

        Thread.Loop.Post(() => relay.SetRemote(address, remote));
    }

    /// <summary>Plays hold audio from its beginning, every ptime, once grant and clock allow; ends a bridge, whose other leg falls silent.</summary>
    public void Hold() => Thread.Loop.Post(relay.Hold);

    /// <summary>Plays a clip once, over hold audio, bridge or silence, which go on behind it: a bridged party is heard all the same and does not
    /// hear the other leg meanwhile. <see cref="MediaLegEventKind.Played"/> tells its end; another clip, or any change of what the leg does, cuts it
    /// short without a word.</summary>
    /// <param name="clip">What is heard.</param>
    /// <param name="hold">The leg is put on <see cref="Hold"/> in the same moment: nothing of the hold audio comes before the clip.</param>
    public void Play(AudioClip clip, bool hold = false)
    {
        ArgumentNullException.ThrowIfNull(clip);
        Thread.Loop.Post(() =>
        {
            if (hold) relay.Hold();
            relay.Play(clip);
        });
    }

    /// <summary>Ends a clip before its end, without a word.</summary>
    public void CutClip() => Thread.Loop.Post(relay.CutClip);

    /// <summary>From now on keys in the party's audio (RFC 4733) are told by <see cref="MediaLegEventKind.KeyPressed"/> and go no further, or are
    /// no longer told.</summary>
    public void ListenForKeys(bool wanted) => Thread.Loop.Post(() => relay.ListenForKeys(wanted));

    /// <summary>The party pressed a key and told so by signalling: the other leg of the bridge gets it as telephone-event, if it takes that.</summary>
    public void Press(char key) => Thread.Loop.Post(() => relay.Press(key));

    /// <summary>Sends nothing; ends hold audio or bridge.</summary>
    public void BeSilent() => Thread.Loop.Post(relay.BeSilent);

    /// <summary>Exchanges packets with another leg of this plane, in place of hold audio or another bridge. Legs that were not opened
    /// <see cref="MediaLegOptions.Near"/> each other may be on two threads; their packets then take the way between silos, which costs two
    /// more hops.</summary>
    public void Bridge(MediaLeg other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other == this) throw new ArgumentException($"Leg {LocalEndPoint} cannot be bridged with itself.", nameof(other));
        if (other.Thread == Thread)
        {
            Thread.Loop.Post(() => relay.Bridge(other.relay));
            return;
        }

        BridgeInner(other.OpenInner());
        other.BridgeInner(OpenInner());
    }

    /// <summary>Opens the leg's socket toward another silo, if it is not open yet, and says its address, which goes to that silo for its
    /// <see cref="BridgeInner"/>. The operating system chooses the port.</summary>
    public IPEndPoint OpenInner()
    {
        lock (gate)
        {
            return inner ??= BindInner();
        }
    }

    /// <summary>Exchanges packets with a leg of another silo. Only packets from exactly that address are heard. The other silo's leg must be
    /// given this leg's <see cref="OpenInner"/>.</summary>
    public void BridgeInner(IPEndPoint otherInner)
    {
        ArgumentNullException.ThrowIfNull(otherInner);
        OpenInner();
        var address = MediaEndpoint.From(otherInner);
        Thread.Loop.Post(() => relay.BridgeInner(address));
    }

    /// <summary>Sets how long audio may flow, counted from the answer. Never shrinks: a shorter grant than the one that stands is ignored, and
    /// so is any after <see cref="MediaLegEventKind.GrantEnded"/>.</summary>
    /// <param name="sinceAnswer">Time since the answer that is paid for.</param>
    /// <param name="lowThreshold">What must be left when <see cref="MediaLegEventKind.GrantLow"/> is raised; zero for no warning.</param>
    /// <param name="endingThreshold">What must be left when <see cref="MediaLegEventKind.GrantEnding"/> is raised; zero for none.</param>
    public void SetGrant(TimeSpan sinceAnswer, TimeSpan lowThreshold = default, TimeSpan endingThreshold = default) =>
        Thread.Loop.Post(() => relay.SetGrant(sinceAnswer, lowThreshold, endingThreshold));

    /// <summary>The answer: the clock of the grant runs from here. Only the first call counts.</summary>
    /// <param name="elapsed">What has passed since the answer, if it is not now: after a takeover, or for a second leg whose grant counts
    /// from the first one's answer.</param>
    public void StartClock(TimeSpan elapsed = default)
    {
        var answeredAt = Thread.Loop.Now - elapsed;
        Thread.Loop.Post(() => relay.StartClock(answeredAt));
    }

    /// <summary>Ends the leg and returns its final counters. The port goes back to the pool after its quarantine; the other leg of a bridge
    /// falls silent. May be called again.</summary>
    public Task<MediaStatistics> CloseAsync()
    {
        lock (gate)
        {
            if (said is { } address) plane.Sharing.Ended(trunk, address);
            (said, closed) = (null, true);
        }

        Thread.Loop.Post(relay.Close);
        return relay.Ended;
    }

    IPEndPoint BindInner()
    {
        var socket = RtpSocket.TryBind(plane.InnerAddress, 0) ?? throw new SocketException((int)SocketError.AddressAlreadyInUse);
        var opened = new InnerSocket(relay, socket);
        var bound = opened.BoundEndPoint;
        Thread.Loop.Post(() => relay.AddInner(opened));
        return bound;
    }

    internal void Raise(MediaLegEventKind kind, TimeSpan at, char key = default)
    {
        if (onEvent is not null) plane.Announce(() => onEvent(new MediaLegEvent(this, kind, at, key)));
    }
}
