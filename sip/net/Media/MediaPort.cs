using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Sip.Net.Media;

/// <summary>
/// An RTP port and the RTCP port above it, with the legs on it, one or many. It stays open and listens after its last leg until the old sources
/// are silent, since one that still sends would be heard by the next leg on this port.
/// </summary>
sealed class MediaPort : RtpSocket
{
    const int MostLegs = 512; // some 200 ms of all their packets fit into the socket's buffer
    const int SsrcOffset = 8;

    readonly MediaThread thread;
    readonly PortShelf shelf;
    readonly PortRule<LegRelay> rule;
    readonly RtcpSocket rtcp;
    readonly bool alone, connects;
    LegRelay? only;

    public MediaPort(
        MediaThread thread, PortShelf shelf, MediaAddress address, int number, Socket rtp, Socket rtcp, bool alone, bool connects, MediaPlaneOptions options)
        : base(rtp)
    {
        (this.thread, this.shelf, Address, Number, this.alone, this.connects) = (thread, shelf, address, number, alone, connects);
        Advertised = new IPEndPoint(address.Advertised ?? address.Bound, number);
        this.rtcp = new RtcpSocket(rtcp);
        rule = new PortRule<LegRelay>((ushort)number, thread.Claims, new(options.Quarantine, options.LeastQuarantine), alone ? 1 : MostLegs);
    }

    public MediaAddress Address { get; }

    public int Number { get; }

    /// <summary>What SDP says.</summary>
    public IPEndPoint Advertised { get; }

    /// <summary>Legs on it; under the shelf's lock.</summary>
    public int Legs => rule.Legs;

    /// <summary>Whether another leg may come; under the shelf's lock.</summary>
    public bool HasRoom(TimeSpan now) => rule.HasRoom(now);

    /// <summary>A leg gets its place; under the shelf's lock.</summary>
    public void Seat(LegRelay leg)
    {
        leg.Sit(this, rule.Open(leg, leg.SourceLatch));
        if (alone) only = leg;
    }

    public void Begin()
    {
        thread.Loop.Add(this);
        thread.Loop.Add(rtcp);
    }

    /// <summary>The party's SDP; false if a live leg of this port has that address.</summary>
    public bool Describe(LegRelay leg, MediaEndpoint address, TimeSpan now)
    {
        if (connects) thread.Loop.Connect(this, null);
        lock (shelf.Gate) return rule.Describe(leg.Seat, address, now);
    }

    /// <summary>The leg believes a source.</summary>
    public void Verify(LegRelay leg, MediaEndpoint source, uint ssrc, TimeSpan now)
    {
        lock (shelf.Gate) rule.Verify(leg.Seat, source, ssrc, now);
        if (connects) thread.Loop.Connect(this, source);
    }

    /// <summary>The leg has ended.</summary>
    public void Leave(LegRelay leg, TimeSpan now)
    {
        if (connects) thread.Loop.Connect(this, null);
        lock (shelf.Gate)
        {
            rule.Close(leg.Seat, now);
            only = null;
            Settle(now);
        }
    }

    protected internal override void OnPacket(Span<byte> datagram, MediaEndpoint source, TimeSpan now)
    {
        var ssrc = datagram.Length < RtpHeader.Size ? 0 : BinaryPrimitives.ReadUInt32BigEndian(datagram[SsrcOffset..]);
        switch (rule.Find(source, ssrc, now, out var leg))
        {
            case PortFinding.Leg: leg!.OnPacket(datagram, source, now); break;
            case PortFinding.Ended: thread.Totals.Drop(MediaDrop.Ended); break;
            default: (only?.Counters ?? thread.Totals).Drop(MediaDrop.Stranger); break;
        }
    }

    protected internal override void OnTimer(TimeSpan now)
    {
        lock (shelf.Gate) Settle(now);
    }

    protected internal override void OnUnsent(MediaEndpoint to, int bytes) => (rule.Owner(to)?.Counters ?? thread.Totals).Unsent(bytes);

    protected override void Dispose(bool disposing)
    {
        rtcp.Dispose();
        base.Dispose(disposing);
    }

    void Settle(TimeSpan now)
    {
        var next = rule.Expire(now);
        if (!rule.IsIdle(now))
        {
            thread.Loop.Schedule(this, next ?? Never);
            return;
        }

        thread.Loop.Remove(this);
        thread.Loop.Remove(rtcp);
        Dispose();
        shelf.Remove(this);
    }
}
