using System.Diagnostics.Metrics;

namespace OrleansCallback.Calls;

/// <summary>The meter <c>OrleansCallback.Calls</c>.</summary>
public sealed class CallMetrics
{
    /// <summary>The meter's name.</summary>
    public const string Name = "OrleansCallback.Calls";

    readonly Counter<long> ended;
    readonly Counter<long> ignored;
    readonly Counter<long> retried;
    readonly Histogram<double> admission;

    /// <summary>Makes the instruments.</summary>
    public CallMetrics(IMeterFactory meters, LiveSessions live)
    {
        var meter = meters.Create(Name);
        ended = meter.CreateCounter<long>("callbacks_ended", description: "Callbacks that were settled, by outcome.");
        ignored = meter.CreateCounter<long>("inputs_ignored", description: "Late or repeated inputs that changed nothing.");
        retried = meter.CreateCounter<long>("writes_retried", description: "Writes whose outcome had to be looked into.");
        admission = meter.CreateHistogram<double>("admission", "s", "From the request to the money being held or refused.");
        meter.CreateObservableGauge("sessions_live", () => live.Count, description: "Live calls whose session is on this silo.");
    }

    internal void Ended(string site, CallOutcome outcome) => ended.Add(1, new("site", site), new("outcome", WireName.Of(outcome)));

    internal void Ignored(string site) => ignored.Add(1, new KeyValuePair<string, object?>("site", site));

    internal void Retried(string site) => retried.Add(1, new KeyValuePair<string, object?>("site", site));

    internal void Admitted(string site, AdmissionKind kind, TimeSpan took) =>
        admission.Record(took.TotalSeconds, new("site", site), new("result", WireName.Of(kind)));
}
