using System.Text.Json.Serialization;

namespace OrleansCallback.Load.Phones;

/// <summary>What one phone saw of one call. Times are ticks of this machine's monotonic clock, the same in every process.</summary>
public sealed record PhoneRecord
{
    /// <summary>The leg's own mark in its audio.</summary>
    public required uint Mark { get; init; }

    /// <summary>Whether it was rung as the member's phone.</summary>
    public required bool IsMember { get; init; }

    /// <summary>The number that was rung.</summary>
    public required string Number { get; init; }

    /// <summary>When the INVITE came.</summary>
    public required long Invited { get; init; }

    /// <summary>When the 200 left; null: never answered.</summary>
    public long? Answered { get; set; }

    /// <summary>When the ACK came.</summary>
    public long? Acknowledged { get; set; }

    /// <summary>When a BYE came, or the own one was confirmed.</summary>
    public long? Ended { get; set; }

    /// <summary>When a CANCEL came.</summary>
    public long? Canceled { get; set; }

    /// <summary>Frames of the own audio sent.</summary>
    public int Sent { get; set; }

    /// <summary>Frames heard that are another phone's, byte for byte.</summary>
    public int Heard { get; set; }

    /// <summary>Whose they were; null: nobody's.</summary>
    public uint? HeardMark { get; set; }

    /// <summary>Frames heard of more than one other phone: audio that went astray.</summary>
    public int Astray { get; set; }

    /// <summary>Frames that no phone played: hold audio.</summary>
    public int Unmarked { get; set; }

    /// <summary>Answered, talked to somebody, hung up.</summary>
    [JsonIgnore]
    public bool Whole => Answered is not null && Acknowledged is not null && Ended is not null && Heard > 0 && Astray == 0;
}
