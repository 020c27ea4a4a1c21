using System.Buffers.Binary;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Tests.Rtp;

public sealed class AudioFileTests
{
    [Theory]
    [InlineData(1, 16, new byte[] { 0x40, 0x1F, 0xC0, 0xE0 }, 2)]
    [InlineData(7, 8, new byte[] { 0x10, 0x20, 0x30 }, 3)]
    [InlineData(6, 8, new byte[] { 0x10, 0x20, 0x30, 0x40 }, 4)]
    public void Wave_files_of_three_kinds_are_read(ushort kind, ushort bits, byte[] data, int samples)
    {
        Assert.True(AudioFile.TryRead(Wave(kind, 1, 8000, bits, data), "hold.wav", out var audio, out _));
        Assert.Equal(samples, audio.Samples);
        var law = kind == 6 ? G711Law.A : G711Law.Mu;
        Assert.Equal(kind == 1 ? G711.Encode(8000, G711Law.Mu) : data[0], audio.In(law)[0]);
    }

    [Theory]
    [InlineData(2, 8000)]
    [InlineData(1, 44100)]
    public void A_wave_file_that_would_have_to_be_resampled_is_refused_with_the_reason(ushort channels, uint rate)
    {
        Assert.False(AudioFile.TryRead(Wave(1, channels, rate, 16, new byte[400]), "hold.wav", out _, out var error));
        Assert.Contains("8 kHz mono", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Raw_files_say_their_law_by_their_ending()
    {
        Assert.True(AudioFile.TryRead([1, 2, 3], "music.alaw", out var audio, out _));
        Assert.Equal(1, audio.In(G711Law.A)[0]);
        Assert.False(AudioFile.TryRead([1, 2, 3], "music.mp3", out _, out var error));
        Assert.Contains("music.mp3", error, StringComparison.Ordinal);
    }

    [Fact]
    public void No_cut_of_a_file_makes_the_reader_throw()
    {
        var whole = Wave(1, 1, 8000, 16, new byte[64]);
        for (var length = 0; length < whole.Length; length++) AudioFile.TryRead(whole.AsSpan(0, length), "hold.wav", out _, out _);
        BinaryPrimitives.WriteUInt32LittleEndian(whole.AsSpan(16), uint.MaxValue);
        Assert.False(AudioFile.TryRead(whole, "hold.wav", out _, out _));
    }

    static byte[] Wave(ushort kind, ushort channels, uint rate, ushort bits, byte[] data)
    {
        var file = new byte[44 + data.Length];
        "RIFF"u8.CopyTo(file);
        "WAVEfmt "u8.CopyTo(file.AsSpan(8));
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(16), 16);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(20), kind);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(22), channels);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(24), rate);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(34), bits);
        "data"u8.CopyTo(file.AsSpan(36));
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(40), (uint)data.Length);
        data.CopyTo(file, 44);
        return file;
    }
}
