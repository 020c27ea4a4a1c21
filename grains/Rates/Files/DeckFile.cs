using System.Text;
using System.Text.Unicode;

namespace OrleansCallback.Rates.Files;

/// <summary>A deck's file as it was read: its lines, or what is wrong with it.</summary>
public sealed class DeckFile
{
    /// <summary>Most lines of a deck.</summary>
    public const int MostLines = 500_000;

    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    DeckFile(IReadOnlyList<DeckRate> lines, DeckErrors errors) => (Lines, Errors) = (lines, errors);

    /// <summary>Its lines; of use only if there are no errors.</summary>
    public IReadOnlyList<DeckRate> Lines { get; }

    /// <summary>What is wrong.</summary>
    public DeckErrors Errors { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="zone">The zone of its days.</param>
    /// <param name="currency">The currency that its lines must have.</param>
    public static DeckFile Read(ReadOnlySpan<byte> bytes, TimeZoneInfo zone, string currency)
    {
        var errors = new DeckErrors();
        if (bytes.StartsWith(Encoding.UTF8.Preamble)) bytes = bytes[Encoding.UTF8.Preamble.Length..];
        if (!Utf8.IsValid(bytes))
        {
            errors.Add(LineOf(bytes, FirstInvalid(bytes)), null, null, "is not UTF-8: save the file with that encoding");
            return new([], errors);
        }

        var lines = ReadLines(Strict.GetString(bytes), zone, currency, errors);
        if (errors.Count == 0) DeckOverlaps.Find(lines, errors);
        return new(lines, errors);
    }

    static List<DeckRate> ReadLines(string text, TimeZoneInfo zone, string currency, DeckErrors errors)
    {
        var (lines, fields) = (new List<DeckRate>(), new List<string>());
        var reader = new CsvReader(text);
        if (!reader.TryRead(fields) || DeckLineReader.For(fields, zone, currency, errors) is not { } lineReader)
        {
            if (errors.Count == 0) errors.Add(1, null, null, $"the file is empty: the first line names the columns, {DeckColumns.Header.TrimEnd()}");
            return lines;
        }

        while (reader.TryRead(fields))
        {
            if (lines.Count == MostLines)
            {
                errors.Add(reader.Line, null, null, $"a deck has at most {MostLines} lines");
                break;
            }

            if (reader.Wrong is { } wrong) errors.Add(reader.Line, null, null, wrong);
            else if (lineReader.Read(reader.Line, fields) is { } line) lines.Add(line);
        }

        if (lines.Count == 0 && errors.Count == 0) errors.Add(1, null, null, "the file names its columns and has no line");
        return lines;
    }

    static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(bytes[at..], out _, out var length) == System.Buffers.OperationStatus.Done) at += length;
        return at;
    }

    static int LineOf(ReadOnlySpan<byte> bytes, int at) => 1 + bytes[..at].Count((byte)'\n');
}
