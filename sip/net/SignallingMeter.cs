using System.Diagnostics.Metrics;

namespace OrleansCallback.Sip.Net;

/// <summary>What signalling loops count, under the meter "OrleansCallback.Sip".</summary>
static class SignallingMeter
{
    static readonly Meter Meter = new("OrleansCallback.Sip");

    public static readonly Counter<long> Received = Meter.CreateCounter<long>("sip.datagrams.received");
    public static readonly Counter<long> Sent = Meter.CreateCounter<long>("sip.datagrams.sent");
    public static readonly Counter<long> SendFailed = Meter.CreateCounter<long>("sip.datagrams.send_failed");
    public static readonly Counter<long> ReceiveFailed = Meter.CreateCounter<long>("sip.datagrams.receive_failed");
    public static readonly Counter<long> CommandsRefused = Meter.CreateCounter<long>("sip.commands.refused");
    public static readonly Counter<long> Faults = Meter.CreateCounter<long>("sip.loop.faults");
    public static readonly Counter<long> ClockGaps = Meter.CreateCounter<long>("sip.loop.clock_gaps");
    public static readonly UpDownCounter<long> Calls = Meter.CreateUpDownCounter<long>("sip.calls");
    public static readonly UpDownCounter<long> Transactions = Meter.CreateUpDownCounter<long>("sip.transactions");

    static readonly Counter<long> Dropped = Meter.CreateCounter<long>("sip.datagrams.dropped", description: "Messages of any transport that led to nothing, by reason");

    static readonly UpDownCounter<long> Connections = Meter.CreateUpDownCounter<long>("sip.connections", description: "Open TCP and TLS connections");
    static readonly Counter<long> Opened = Meter.CreateCounter<long>("sip.connections.opened");
    static readonly Counter<long> Ended = Meter.CreateCounter<long>("sip.connections.ended", description: "Connections that ended, by reason");
    static readonly Counter<long> Refused = Meter.CreateCounter<long>("sip.connections.refused", description: "Connections not made, by the limit that was reached");
    static readonly Counter<long> StreamFaults = Meter.CreateCounter<long>("sip.streams.faults", description: "Streams that were no SIP, by reason");
    static readonly Counter<long> MessagesIn = Meter.CreateCounter<long>("sip.streams.received", description: "Messages over TCP and TLS");
    static readonly Counter<long> MessagesOut = Meter.CreateCounter<long>("sip.streams.sent", description: "Messages over TCP and TLS");
    static readonly Counter<long> LookUps = Meter.CreateCounter<long>("sip.names.looked_up", description: "Look-ups of server names, by result");

    public static void StreamReceived(SipTransport transport) => MessagesIn.Add(1, Of(transport));

    public static void StreamSent(SipTransport transport) => MessagesOut.Add(1, Of(transport));

    public static void FrameFault(FrameFault fault) => StreamFaults.Add(1, new KeyValuePair<string, object?>("reason", fault));

    public static void ConnectionRefused(SipTransport transport, string limit) => Refused.Add(1, Of(transport), new("reason", limit));

    public static void ConnectionOpened(SipTransport transport, bool accepted)
    {
        Connections.Add(1, Of(transport));
        Opened.Add(1, Of(transport), new("by", accepted ? "peer" : "us"));
    }

    public static void ConnectionEnded(StreamConnection connection, StreamEnd why)
    {
        if (connection.OpenSince is not null) Connections.Add(-1, Of(connection.Peer.Transport));
        Ended.Add(1, Of(connection.Peer.Transport), new("reason", why));
    }

    public static void LookedUp(int servers) => LookUps.Add(1, new KeyValuePair<string, object?>("found", servers > 0));

    static KeyValuePair<string, object?> Of(SipTransport transport) => new("transport", transport);

    /// <summary>Counts what led to nothing.</summary>
    public static void Count(Receipt receipt)
    {
        if (receipt.Disposition == Disposition.Taken) return;
        Dropped.Add(1, new("reason", receipt.Disposition), new("failure", receipt.Failure));
    }
}
