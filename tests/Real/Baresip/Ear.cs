using System.Runtime.InteropServices;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Tests.Baresip;

/// <summary>Hears what RTP payloads hold, by the libraries that baresip itself uses: libspandsp for G.722, libopus for Opus.</summary>
static class Ear
{
    const int WideRate = 16_000, OpusRate = 48_000, OpusChannels = 1, FullRate = 64_000, LongestOpus = 5_760;

    /// <summary>The samples of payloads in order, and their rate.</summary>
    public static (short[] Samples, int Rate) Hear(string codec, IEnumerable<byte[]> payloads) => codec switch
    {
        "PCMA" => ([.. payloads.SelectMany(p => p).Select(b => G711.Decode(b, G711Law.A))], G711.SamplesPerSecond),
        "G722" => (HearG722(payloads), WideRate),
        "opus" => (HearOpus(payloads), OpusRate),
        _ => throw new ArgumentException($"{codec} cannot be heard.", nameof(codec)),
    };

    static short[] HearG722(IEnumerable<byte[]> payloads)
    {
        var decoder = G722Init(0, FullRate, 0);
        List<short> heard = [];
        foreach (var payload in payloads)
        {
            var samples = new short[2 * payload.Length];
            heard.AddRange(samples[..G722Decode(decoder, samples, payload, payload.Length)]);
        }

        _ = G722Free(decoder);
        return [.. heard];
    }

    static short[] HearOpus(IEnumerable<byte[]> payloads)
    {
        var decoder = OpusCreate(OpusRate, OpusChannels, out var error);
        Assert.Equal(0, error);
        List<short> heard = [];
        foreach (var payload in payloads)
        {
            var samples = new short[LongestOpus];
            var count = OpusDecode(decoder, payload, payload.Length, samples, LongestOpus, 0);
            Assert.True(count > 0, $"libopus says {count}");
            heard.AddRange(samples[..count]);
        }

        OpusDestroy(decoder);
        return [.. heard];
    }

    [DllImport("libspandsp.so.2", EntryPoint = "g722_decode_init")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern nint G722Init(nint state, int rate, int options);

    [DllImport("libspandsp.so.2", EntryPoint = "g722_decode")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int G722Decode(nint state, [Out] short[] samples, byte[] payload, int length);

    [DllImport("libspandsp.so.2", EntryPoint = "g722_decode_free")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int G722Free(nint state);

    [DllImport("libopus.so.0", EntryPoint = "opus_decoder_create")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern nint OpusCreate(int rate, int channels, out int error);

    [DllImport("libopus.so.0", EntryPoint = "opus_decode")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int OpusDecode(nint decoder, byte[] payload, int length, [Out] short[] samples, int most, int repair);

    [DllImport("libopus.so.0", EntryPoint = "opus_decoder_destroy")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern void OpusDestroy(nint decoder);
}
