using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace OrleansCallback.Tests.Baresip;

/// <summary>
/// What a phone plays: a tone as a WAV file of 16 bits, at the rate that its codec wants. baresip 1.0 reads its file anew with each codec and does
/// not convert its rate anew, so the file is a pipe, and what comes out of it is made when baresip asks.
/// </summary>
sealed class TonePipe : IDisposable
{
    /// <summary>Bytes of a WAV header.</summary>
    public const int Header = 44;

    const int Seconds = 60;
    const uint OwnerOnly = 0x180; // rw-------

    readonly BlockingCollection<AudioFormat> asked = [];
    readonly string path;
    readonly int hertz;

    public TonePipe(string path, int hertz)
    {
        (this.path, this.hertz) = (path, hertz);
        if (MakeFifo(path, OwnerOnly) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError(), path);
        new Thread(Serve) { IsBackground = true, Name = path }.Start();
    }

    /// <summary>The phone is about to open its file.</summary>
    public void Ask(AudioFormat format) => asked.Add(format);

    public void Dispose() => asked.CompleteAdding();

    void Serve()
    {
        foreach (var format in asked.GetConsumingEnumerable())
        {
            try
            {
                using var pipe = new FileStream(path, FileMode.Open, FileAccess.Write);
                pipe.Write(HeaderOf(format));
                var second = SecondOf(format);
                for (var n = 0; n < Seconds; n++) pipe.Write(second);
            }
            catch (IOException)
            {
                // The phone has closed it: another codec, or the end.
            }
        }
    }

    static byte[] HeaderOf(AudioFormat format)
    {
        var bytes = new byte[Header];
        var data = Seconds * format.BytesPerSecond;
        "RIFF"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), Header - 8 + data);
        "WAVEfmt "u8.CopyTo(bytes.AsSpan(8));
        int[] fields = [16, 1 | format.Channels << 16, format.Rate, format.BytesPerSecond, 2 * format.Channels | 16 << 16];
        for (var i = 0; i < fields.Length; i++) BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16 + 4 * i), fields[i]);
        "data"u8.CopyTo(bytes.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(40), data);
        return bytes;
    }

    byte[] SecondOf(AudioFormat format)
    {
        var bytes = new byte[format.BytesPerSecond];
        for (var i = 0; i < bytes.Length / 2; i++)
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(2 * i), (short)(8_000 * Math.Sin(2 * Math.PI * hertz * (i / format.Channels) / format.Rate)));
        return bytes;
    }

    [DllImport("libc", EntryPoint = "mkfifo", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int MakeFifo([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint mode);
}

/// <summary>Samples of 16 bits.</summary>
/// <param name="Codec">Whose they are, as baresip names it.</param>
/// <param name="Rate">Samples a second.</param>
/// <param name="Channels">1 or 2, one sample of each in turn.</param>
public sealed record AudioFormat(string Codec, int Rate, int Channels)
{
    /// <summary>Bytes of a second.</summary>
    public int BytesPerSecond => Rate * Channels * 2;
}
