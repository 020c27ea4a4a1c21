namespace OrleansCallback.Sip.Rtp;

/// <summary>How long the sources of an ended leg stay nobody's.</summary>
/// <param name="Heard">Silence of a source that was heard, or of a leg that was answered.</param>
/// <param name="Unheard">After the end of a leg that was never answered: its audio may have crossed our CANCEL.</param>
public readonly record struct QuarantineTimes(TimeSpan Heard, TimeSpan Unheard);
