using OrleansCallback.Sip;

namespace OrleansCallback.Silo.Legs;

/// <summary>The codecs that a trunk's legs may have, from its setting.</summary>
static class TrunkCodecs
{
    /// <summary>All that we know.</summary>
    public const string All = "OPUS,G722,PCMU,PCMA";

    /// <summary>Reads <c>PCMA,PCMU</c>; false without G.711, since every leg begins with it.</summary>
    public static bool TryRead(string text, out IReadOnlyList<AudioCodec> codecs)
    {
        var names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        codecs = [.. names.Select(Parse).OfType<AudioCodec>().Distinct()];
        return codecs.Count == names.Length && codecs.Any(AudioCodecs.IsG711);
    }

    /// <summary>Reads a setting that has been checked.</summary>
    public static IReadOnlyList<AudioCodec> Read(string text) =>
        TryRead(text, out var codecs) ? codecs : throw new FormatException($"'{text}' names no codecs.");

    static AudioCodec? Parse(string name) => name switch
    {
        "PCMU" => AudioCodec.Pcmu,
        "PCMA" => AudioCodec.Pcma,
        "G722" => AudioCodec.G722,
        "OPUS" => AudioCodec.Opus,
        _ => null,
    };
}
