using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansCallback.Load.Media;

/// <summary>The figures of one relay in one run.</summary>
public record RelayFigures
{
    /// <summary>Which relay.</summary>
    public required string Relay { get; init; }

    /// <summary>CPU of the relay's process over the run by packet that arrived, in µs.</summary>
    public required double CpuUsPerPacket { get; init; }

    /// <summary>Packets that arrived where they belong, byte for byte.</summary>
    public required long Packets { get; init; }

    public required long Lost { get; init; }

    /// <summary>Packets that came to another call's phone.</summary>
    public required long Astray { get; init; }

    /// <summary>Packets that nobody sent like this, or that came twice.</summary>
    public required long Damaged { get; init; }

    /// <summary>From phone to phone; of hold audio: behind its 20 ms.</summary>
    public required Quantiles? LatencyMs { get; init; }

    /// <summary>Managed bytes that the relay's process allocated by packet; null where memory is not managed.</summary>
    public required double? BytesPerPacket { get; init; }

    /// <summary>Resident memory of the relay's process above that before the first leg, by leg, in KiB.</summary>
    public required double KbPerLeg { get; init; }

    /// <summary>Packets a second that were offered.</summary>
    public required double OfferedRate { get; init; }

    /// <summary>Less than 99% of the rate was offered, or the phones could not take what came: the figures mean nothing.</summary>
    public required bool Void { get; init; }

    /// <summary>Nobody heard what was not meant for them.</summary>
    [JsonIgnore]
    public bool IsPure => Astray == 0 && Damaged == 0;
}

/// <summary>The figures of a run, as the last line shows them.</summary>
public sealed record MediaReport : RelayFigures
{
    static readonly JsonSerializerOptions Line = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    static readonly JsonSerializerOptions Page = new(Line) { WriteIndented = true };

    [SetsRequiredMembers]
    public MediaReport(RelayFigures own, int legs, int seconds, RelayFigures? peer) : base(own) => (Legs, Seconds, Peer) = (legs, seconds, peer);

    [JsonPropertyOrder(-2)]
    public int Legs { get; }

    [JsonPropertyOrder(-1)]
    public int Seconds { get; }

    /// <summary>The same traffic through the peer; null without one.</summary>
    [JsonPropertyOrder(1)]
    public RelayFigures? Peer { get; }

    /// <summary>CPU by packet, ours divided by the peer's.</summary>
    [JsonPropertyOrder(2)]
    public double? Ratio => Peer is { CpuUsPerPacket: > 0 } peer ? Math.Round(CpuUsPerPacket / peer.CpuUsPerPacket, 3) : null;

    /// <summary>One line, or a page for people.</summary>
    public string ToJson(bool line) => JsonSerializer.Serialize(this, line ? Line : Page);
}
