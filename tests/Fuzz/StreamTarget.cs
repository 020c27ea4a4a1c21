using OrleansCallback.Sip;

namespace OrleansCallback.Fuzz;

/// <summary>A stream of mutated messages: however it is cut on its way, the same messages come out of it, or the same fault.</summary>
sealed class StreamTarget : IFuzzTarget
{
    byte[] before = [];

    public string Name => "stream";

    public IReadOnlyList<byte[]> Corpus { get; } = Fuzz.Corpus.Of("sip");

    public string Take(byte[] input, Random random)
    {
        // Two messages behind each other, so that what ends one begins the next.
        byte[] stream = [.. before, .. input];
        before = random.Next(4) == 0 ? [] : input;
        var whole = Frames(stream, stream.Length, random);
        var cut = Frames(stream, 1 + random.Next(1 << random.Next(10)), random);
        if (!whole.SequenceEqual(cut)) throw new InvalidOperationException($"In one piece: {string.Join(", ", whole)}. In several: {string.Join(", ", cut)}.");
        return string.Join(' ', whole.Select(frame => frame.Split(' ')[0]));
    }

    static List<string> Frames(byte[] stream, int longest, Random random)
    {
        var framer = new StreamFramer();
        var frames = new List<string>();
        for (var at = 0; at < stream.Length;)
        {
            var piece = Math.Min(longest == stream.Length ? longest : 1 + random.Next(longest), stream.Length - at);
            framer.Append(stream.AsSpan(at, piece));
            at += piece;
            while (framer.Next(out var frame) is var kind && kind != FrameKind.NeedMore)
            {
                if (kind == FrameKind.Fault)
                {
                    frames.Add($"{framer.Fault}");
                    return frames;
                }

                frames.Add($"{kind} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(frame))[..8]} {frame.Length}");
            }
        }

        return frames;
    }
}
