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

    static readonly Counter<long> Dropped = Meter.CreateCounter<long>("sip.datagrams.dropped", description: "Datagrams that led to nothing, by reason");

    public static void Count(Receipt receipt)
    {
        Received.Add(1);
        if (receipt.Disposition == Disposition.Taken) return;
        Dropped.Add(1, new("reason", receipt.Disposition), new("failure", receipt.Failure));
    }
}
