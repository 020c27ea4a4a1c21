using System.Text.Json.Serialization;

namespace OrleansCallback.Calls;

/// <summary>One leg as its call knows it.</summary>
public sealed record LegState
{
    /// <summary>Which leg.</summary>
    public required CallLeg Leg { get; init; }

    /// <summary>The trunk that carries it, or carried its last attempt.</summary>
    public required string Trunk { get; init; }

    /// <summary>The trunk to be tried now, then those that are left.</summary>
    public IReadOnlyList<string> Route { get; init; } = [];

    /// <summary>Attempts on the trunk that is tried now.</summary>
    public int OnTrunk { get; init; }

    /// <summary>An owner of one of its trunks had no channel left.</summary>
    public bool WasFull { get; init; }

    /// <summary>When the first attempt was made: the ring limit is for all of them together.</summary>
    public DateTimeOffset? FirstDialledAt { get; init; }

    /// <summary>Key of the current attempt; null before the first.</summary>
    public string? Key { get; init; }

    /// <summary>Number of the current attempt.</summary>
    public int Attempt { get; init; }

    /// <summary>The silo that holds the current attempt.</summary>
    public string? Silo { get; init; }

    /// <summary>Its INVITE was ordered, or may have been by an earlier activation.</summary>
    public bool Dialled { get; init; }

    /// <summary>When the attempt was made.</summary>
    public DateTimeOffset? DialledAt { get; init; }

    /// <summary>When it was answered, on its silo's clock.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>How its announcement ended.</summary>
    public AnnouncementEnd? Announced { get; init; }

    /// <summary>Talk time that its news has proven so far.</summary>
    public TimeSpan? Proven { get; init; }

    /// <summary>Its terminal news.</summary>
    public LegEnded? Ended { get; init; }

    /// <summary>It holds nothing any more: ended, lost with its silo, or never sent.</summary>
    public bool Over { get; init; }

    /// <summary>Highest number of its news taken.</summary>
    public long LastNews { get; init; }

    /// <summary>Tries of the command that is on its way.</summary>
    [JsonIgnore]
    public int Tries { get; init; }

    /// <summary>Tries to join it with the other leg that found no way.</summary>
    [JsonIgnore]
    public int JoinTries { get; init; }

    /// <summary>Highest number of its news that is durable with the call.</summary>
    [JsonIgnore]
    public long DurableNews { get; init; }

    /// <summary>The current attempt with its numbers, from the attempt's row.</summary>
    [JsonIgnore]
    public LegAttempt? Sent { get; init; }

    /// <summary>The dialog as told with the answer.</summary>
    [JsonIgnore]
    public string? Dialog { get; init; }

    /// <summary>The row as it is durable.</summary>
    [JsonIgnore]
    public AttemptRow? Stored { get; init; }

    /// <summary>It may be ringing or talking.</summary>
    [JsonIgnore]
    public bool Live => Dialled && !Over;

    /// <summary>It has answered and not ended.</summary>
    [JsonIgnore]
    public bool Talking => Live && AnsweredAt is not null;

    /// <summary>Talk time that is charged: what is proven, by the longest proof.</summary>
    [JsonIgnore]
    public TimeSpan? Talk => Ended?.Talk is { } told && !(Proven > told) ? told : Proven;

    /// <summary>The row as it should be stored.</summary>
    [JsonIgnore]
    public AttemptRow? Row => Sent is null ? null : new(Sent, Dialog, AnsweredAt, Ended);
}
