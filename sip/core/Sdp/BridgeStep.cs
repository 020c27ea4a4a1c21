namespace OrleansCallback.Sip;

/// <summary>What <see cref="BridgeOffers"/> wants done.</summary>
/// <param name="Leg">To which leg: 0 or 1.</param>
public abstract record BridgeStep(int Leg);

/// <summary>A re-INVITE is to offer these codecs. Its outcome is to be told, or that it could not be sent now.</summary>
/// <param name="Leg">To which leg.</param>
/// <param name="Codecs">Codecs in order of preference, G.711 last.</param>
/// <param name="IsOptional">The call can do without: silence must not end it.</param>
public sealed record OfferCodecs(int Leg, IReadOnlyList<AudioCodec> Codecs, bool IsOptional) : BridgeStep(Leg);

/// <summary>From now on the peer's own offers are to be answered with these codecs.</summary>
/// <param name="Leg">Of which leg.</param>
/// <param name="Codecs">Codecs in order of preference, G.711 last.</param>
/// <param name="Preferred">Taken wherever an offer has it; null leaves the choice to the offer.</param>
public sealed record AllowCodecs(int Leg, IReadOnlyList<AudioCodec> Codecs, AudioCodec? Preferred) : BridgeStep(Leg);

/// <summary>The leg took a codec that the other cannot hear and does not take G.711 back: it is to be hung up. The last step.</summary>
/// <param name="Leg">Which leg.</param>
public sealed record GiveUpLeg(int Leg) : BridgeStep(Leg);
