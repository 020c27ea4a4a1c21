using System.Diagnostics.Metrics;

namespace OrleansCallback.Sip.Net.Media;

/// <summary>The plane's counters as instruments of the meter "OrleansCallback.Media". They are read when somebody collects, not per packet.</summary>
sealed class MediaMeter : IDisposable
{
    readonly Meter meter = new(Name);

    public const string Name = "OrleansCallback.Media";

    public MediaMeter(MediaPlane plane)
    {
        meter.CreateObservableGauge("media.legs", () => plane.OpenLegs, "{leg}", "Legs open now");
        meter.CreateObservableGauge("media.ports.free", () => plane.FreePorts, "{port}", "Ports that the next leg may get");
        meter.CreateObservableGauge("media.ports.quarantined", () => plane.QuarantinedPorts, "{port}", "Ports waiting for silence");
        meter.CreateObservableCounter("media.packets.received", () => plane.Totals.Sum(t => t.PacketsIn), "{packet}", "RTP from parties");
        meter.CreateObservableCounter("media.packets.relayed", () => plane.Totals.Sum(t => t.RelayedOut), "{packet}", "RTP to parties");
        meter.CreateObservableCounter("media.packets.hold", () => plane.Totals.Sum(t => t.HoldPacketsOut), "{packet}", "Hold audio sent");
        meter.CreateObservableCounter("media.packets.dropped", () => Dropped(plane), "{packet}", "Packets dropped, by reason");
    }

    public void Dispose() => meter.Dispose();

    static IEnumerable<Measurement<long>> Dropped(MediaPlane plane)
    {
        var totals = plane.Totals;
        return Enum.GetValues<MediaDrop>().Select(reason => new Measurement<long>(
            totals.Sum(t => t.DroppedFor(reason)), new KeyValuePair<string, object?>("reason", reason.ToString())));
    }
}
