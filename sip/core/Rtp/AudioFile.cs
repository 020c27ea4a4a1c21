using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace OrleansCallback.Sip.Rtp;

/// <summary>Reads audio from the bytes of a file: RIFF/WAVE with 8 kHz mono PCM16, mu-law or A-law, or raw G.711 bytes.</summary>
public static class AudioFile
{
    const ushort Pcm = 1, ALaw = 6, MuLaw = 7;

    /// <summary>Reads a file's bytes.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">Its name: the ending tells raw mu-law (.ulaw, .ul, .pcmu) from raw A-law (.alaw, .al, .pcma).</param>
    /// <param name="audio">What is in it.</param>
    /// <param name="error">What is wrong with the file, for whoever gave it.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> file, string name, [NotNullWhen(true)] out AudioClip? audio, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(name);
        audio = null;
        error = null;
        if (file.StartsWith("RIFF"u8)) return TryReadWave(file, out audio, out error);
        G711Law? law = name.ToUpperInvariant().Split('.')[^1] switch
        {
            "ULAW" or "UL" or "PCMU" => G711Law.Mu,
            "ALAW" or "AL" or "PCMA" => G711Law.A,
            _ => null,
        };
        if (law is null) error = $"{name}: neither RIFF/WAVE nor raw G.711 (.ulaw, .alaw)";
        else if (file.IsEmpty) error = $"{name}: empty";
        else audio = AudioClip.FromSamples(file, law.Value);
        return audio is not null;
    }

    static bool TryReadWave(ReadOnlySpan<byte> file, out AudioClip? audio, out string? error)
    {
        audio = null;
        error = "no fmt and data chunk in this RIFF file";
        if (file.Length < 12 || !file[8..12].SequenceEqual("WAVE"u8)) return false;
        ReadOnlySpan<byte> format = default;
        for (var rest = file[12..]; rest.Length >= 8;)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            var body = rest[8..(int)Math.Min(rest.Length, 8 + (long)length)];
            if (rest.StartsWith("fmt "u8)) format = body;
            else if (rest.StartsWith("data"u8)) return TryReadData(format, body, out audio, out error);
            rest = rest[(int)Math.Min(rest.Length, 8 + length + (long)(length & 1))..];
        }

        return false;
    }

    static bool TryReadData(ReadOnlySpan<byte> format, ReadOnlySpan<byte> data, out AudioClip? audio, out string? error)
    {
        audio = null;
        error = "audio must be 8 kHz mono, 16-bit PCM or G.711";
        if (format.Length < 16 || data.Length < 2) return false;
        var (kind, channels) = (BinaryPrimitives.ReadUInt16LittleEndian(format), BinaryPrimitives.ReadUInt16LittleEndian(format[2..]));
        var (rate, bits) = (BinaryPrimitives.ReadUInt32LittleEndian(format[4..]), BinaryPrimitives.ReadUInt16LittleEndian(format[14..]));
        if (channels != 1 || rate != G711.SamplesPerSecond) return false;
        audio = (kind, bits) switch
        {
            (Pcm, 16) => FromPcm(data),
            (MuLaw, 8) => AudioClip.FromSamples(data, G711Law.Mu),
            (ALaw, 8) => AudioClip.FromSamples(data, G711Law.A),
            _ => null,
        };
        if (audio is not null) error = null;
        return audio is not null;
    }

    static AudioClip FromPcm(ReadOnlySpan<byte> data)
    {
        var samples = new short[data.Length / 2];
        for (var i = 0; i < samples.Length; i++) samples[i] = BinaryPrimitives.ReadInt16LittleEndian(data[(2 * i)..]);
        return AudioClip.FromLinear(samples);
    }
}
