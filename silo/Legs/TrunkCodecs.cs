using OrleansCallback.Sip;

namespace OrleansCallback.Silo.Legs;

/// <summary>The codecs that a trunk is offered, from its setting.</summary>
static class TrunkCodecs
{
    /// <summary>Reads <c>PCMA,PCMU</c>.</summary>
    public static bool TryRead(string text, out IReadOnlyList<AudioCodec> codecs)
    {
        var names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        codecs = [.. names.Where(name => name is "PCMU" or "PCMA").Distinct().Select(name => name == "PCMU" ? AudioCodec.Pcmu : AudioCodec.Pcma)];
        return codecs.Count > 0 && codecs.Count == names.Length;
    }

    /// <summary>Reads a setting that has been checked.</summary>
    public static IReadOnlyList<AudioCodec> Read(string text) =>
        TryRead(text, out var codecs) ? codecs : throw new FormatException($"'{text}' names no codecs.");
}
