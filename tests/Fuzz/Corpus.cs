using System.Text;

namespace OrleansCallback.Fuzz;

/// <summary>
/// The inputs of the folder corpus. Text files have the line ends of the wire put in; a file that a run was broken by is kept as it was
/// (<c>.bin</c>).
/// </summary>
static class Corpus
{
    /// <summary>All files of a kind: "sip" or "sdp".</summary>
    public static IReadOnlyList<byte[]> Of(string kind) =>
    [
        .. typeof(Corpus).Assembly.GetManifestResourceNames().Order(StringComparer.Ordinal)
            .Where(name => name.EndsWith($".{kind}", StringComparison.Ordinal) || name.EndsWith($".{kind}.bin", StringComparison.Ordinal))
            .Select(Read),
    ];

    static byte[] Read(string name)
    {
        using var stream = typeof(Corpus).Assembly.GetManifestResourceStream(name)!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return name.EndsWith(".bin", StringComparison.Ordinal)
            ? bytes.ToArray()
            : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes.ToArray()).ReplaceLineEndings("\r\n"));
    }
}
