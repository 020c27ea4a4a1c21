namespace OrleansCallback.Sip.Sandbox;

/// <summary>How a phone's call ended.</summary>
public enum PhoneEnd
{
    /// <summary>It has not.</summary>
    None,

    /// <summary>BYE from the caller.</summary>
    CallerHungUp,

    /// <summary>CANCEL from the caller.</summary>
    CallerCanceled,

    /// <summary>BYE from the phone.</summary>
    PhoneHungUp,

    /// <summary>The phone refused.</summary>
    PhoneRejected,

    /// <summary>The caller sent no ACK, no longer knew the call, or let it ring for minutes.</summary>
    Failed,
}

/// <summary>What one phone did and heard in one call, as it stood when it was read.</summary>
/// <param name="CallId">The Call-ID of the INVITE.</param>
/// <param name="Number">The number that was called, digits only.</param>
/// <param name="CallerId">The user part of the INVITE's From: what the phone's display shows.</param>
/// <param name="AssertedIdentity">The URI of the INVITE's P-Asserted-Identity (RFC 3325); null when it had none.</param>
/// <param name="InvitedAt">INVITE came. All times are one monotonic clock, pinned to the wall clock at the carrier's start.</param>
/// <param name="RingingAt">180 went out.</param>
/// <param name="AnsweredAt">200 went out.</param>
/// <param name="AckedAt">ACK came.</param>
/// <param name="EndedAt">The call was over.</param>
/// <param name="EndedBy">By whom.</param>
/// <param name="SipCode">The final response that the phone gave; 487 after CANCEL; 0 before.</param>
/// <param name="PacketsSent">RTP packets that the phone sent.</param>
/// <param name="Heard">What it heard.</param>
public sealed record PhoneRecord(
    string CallId,
    string Number,
    string CallerId,
    string? AssertedIdentity,
    DateTimeOffset InvitedAt,
    DateTimeOffset? RingingAt,
    DateTimeOffset? AnsweredAt,
    DateTimeOffset? AckedAt,
    DateTimeOffset? EndedAt,
    PhoneEnd EndedBy,
    int SipCode,
    long PacketsSent,
    PhoneHearing Heard);

/// <summary>What a phone heard in one call.</summary>
/// <param name="Packets">RTP packets in all.</param>
/// <param name="HoldPackets">Those that no phone's numbered frame was in: hold audio.</param>
/// <param name="Streams">How many SSRCs one after the other; 1 for a call without a seam.</param>
/// <param name="Missing">RTP sequence numbers that never came, over hold and bridge.</param>
/// <param name="Duplicates">RTP sequence numbers that came again.</param>
/// <param name="Reordered">RTP packets that came after a later one.</param>
/// <param name="FirstAt">The first packet of any kind.</param>
/// <param name="LastAt">The last one.</param>
/// <param name="FirstHoldAt">The first packet of hold audio.</param>
/// <param name="LastHoldAt">The last one.</param>
/// <param name="Voices">By speaker, in the order of their first packets.</param>
/// <param name="Keys">Keys that the other side pressed, by telephone-event.</param>
public sealed record PhoneHearing(
    long Packets,
    long HoldPackets,
    int Streams,
    long Missing,
    long Duplicates,
    long Reordered,
    DateTimeOffset? FirstAt,
    DateTimeOffset? LastAt,
    DateTimeOffset? FirstHoldAt,
    DateTimeOffset? LastHoldAt,
    IReadOnlyList<HeardVoice> Voices,
    string Keys)
{
    /// <summary>Frames heard from the phone with this number.</summary>
    public long PacketsFrom(string number)
    {
        var digits = PhoneNumberPlan.Digits(number);
        return Voices.Where(voice => voice.Number == digits).Sum(voice => voice.Packets);
    }
}

/// <summary>What a phone heard of another phone, byte for byte as it was sent.</summary>
/// <param name="Number">The speaker's number, digits only.</param>
/// <param name="Packets">Frames heard.</param>
/// <param name="Missing">Frames of the speaker's count between the first and the last that were not heard.</param>
/// <param name="Duplicates">Frames heard again.</param>
/// <param name="Reordered">Frames heard after a later one.</param>
/// <param name="FirstAt">The first frame.</param>
/// <param name="LastAt">The last frame.</param>
public sealed record HeardVoice(
    string Number, long Packets, long Missing, long Duplicates, long Reordered, DateTimeOffset FirstAt, DateTimeOffset LastAt);
