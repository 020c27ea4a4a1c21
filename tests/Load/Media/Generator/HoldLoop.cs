using OrleansCallback.Load.Phones;

namespace OrleansCallback.Load.Media.Generator;

/// <summary>Hold audio in which every frame says which it is, as a file of raw A-law for the relay to play.</summary>
static class HoldLoop
{
    /// <summary>Whose frames they are: no phone's.</summary>
    public const uint Mark = uint.MaxValue;

    /// <summary>Frames of 20 ms before it starts again.</summary>
    public const int Frames = 500;

    const int Header = 12;

    public static async Task<string> WriteAsync(string folder)
    {
        var samples = new byte[Frames * (MarkedFrame.Length - Header)];
        var packet = new byte[MarkedFrame.Length];
        for (var frame = 0; frame < Frames; frame++)
        {
            MarkedFrame.Write(packet, Mark, frame);
            packet.AsSpan(Header).CopyTo(samples.AsSpan(frame * (MarkedFrame.Length - Header)));
        }

        var file = Path.Combine(folder, "hold.alaw");
        await File.WriteAllBytesAsync(file, samples);
        return file;
    }
}
