namespace OrleansCallback.Sip.Net.Media;

/// <summary>What a leg has to tell its owner.</summary>
public enum MediaLegEventKind
{
    /// <summary>The first packet of the party was heard and its source taken; once per SDP.</summary>
    SourceLatched,

    /// <summary>What is left of the grant has fallen to its threshold: extend it or the call ends; once per grant.</summary>
    GrantLow,

    /// <summary>The end of the grant is near, and nothing has lengthened it since it was low; once per grant.</summary>
    GrantEnding,

    /// <summary>The grant is used up: no audio flows to or from this leg any more, for good. Hang up.</summary>
    GrantEnded,

    /// <summary>A clip was played to its end; not raised for one that was cut short.</summary>
    Played,

    /// <summary>The party pressed a key while somebody listened for it.</summary>
    KeyPressed,

    /// <summary>The party said an address that another live leg on the same shared port has: nothing is heard of it and sent to it until the leg
    /// has a port of its own.</summary>
    AddressTaken,
}

/// <summary>An event of a leg.</summary>
/// <param name="Leg">Whose.</param>
/// <param name="Kind">What.</param>
/// <param name="At">When, on the plane's monotonic clock (<see cref="MediaPlane.Now"/>).</param>
/// <param name="Key">With <see cref="MediaLegEventKind.KeyPressed"/>: 0 to 9, *, #, A to D.</param>
public sealed record MediaLegEvent(MediaLeg Leg, MediaLegEventKind Kind, TimeSpan At, char Key = default);
