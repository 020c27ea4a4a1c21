namespace OrleansCallback.Load.Media.Generator;

/// <summary>What the phones saw in one run.</summary>
public sealed record GeneratorResult
{
    /// <summary>Packets that had to arrive.</summary>
    public required long Sent { get; init; }

    /// <summary>From the first of them to the last.</summary>
    public required double Seconds { get; init; }

    /// <summary>Packets that arrived where they belong, byte for byte, each counted once.</summary>
    public required long Received { get; init; }

    public required long Lost { get; init; }

    public required long Duplicated { get; init; }

    /// <summary>Packets of another call.</summary>
    public required long Astray { get; init; }

    /// <summary>Packets that nobody sent like this.</summary>
    public required long Damaged { get; init; }

    /// <summary>Packets that the kernel did not take from the phones.</summary>
    public required long Unsent { get; init; }

    /// <summary>Packets that the kernel dropped since the phones were too slow to take them.</summary>
    public required long Deaf { get; init; }

    /// <summary>From the phone's send to the kernel's receipt for the other phone; of hold audio: behind its 20 ms.</summary>
    public required Quantiles? LatencyMs { get; init; }
}
