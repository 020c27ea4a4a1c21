namespace OrleansCallback.Rates.Files;

/// <summary>
/// Reads comma-separated values as RFC 4180 has them, strictly, one record after another, and knows the line of each. A quote stands around a whole
/// field and twice within one; lines end with LF or CR LF.
/// </summary>
public ref struct CsvReader(ReadOnlySpan<char> text)
{
    const string StrayQuote = "a quote stands around a whole field and twice within one";

    readonly ReadOnlySpan<char> text = text;
    int at = 0;
    int line = 1;

    /// <summary>The line on which the last record begins, counted from 1.</summary>
    public int Line { get; private set; }

    /// <summary>What is wrong with the last record; null: nothing.</summary>
    public string? Wrong { get; private set; }

    /// <summary>Reads the next record; an empty line is a record of one empty field. False: there is none.</summary>
    public bool TryRead(List<string> fields)
    {
        fields.Clear();
        (Line, Wrong) = (line, null);
        if (at >= text.Length) return false;
        while (true)
        {
            fields.Add(at < text.Length && text[at] == '"' ? Quoted() : Plain());
            if (at < text.Length && text[at] == ',')
            {
                at++;
                continue;
            }

            EndLine();
            return true;
        }
    }

    string Plain()
    {
        var rest = text[at..];
        var length = rest.IndexOfAny(',', '\n');
        var field = length < 0 ? rest : rest[..length];
        at += field.Length;
        if ((at == text.Length || text[at] == '\n') && field.EndsWith("\r")) field = field[..^1];
        if (field.Contains('"')) Wrong ??= StrayQuote;
        else if (field.Contains('\r')) Wrong ??= "a line ends with LF or CR LF";
        return field.ToString();
    }

    string Quoted()
    {
        var start = ++at;
        while (true)
        {
            var length = text[at..].IndexOf('"');
            if (length < 0)
            {
                Wrong = "a quote is opened and not closed";
                at = text.Length;
                return text[start..].ToString();
            }

            at += length + 1;
            if (at < text.Length && text[at] == '"')
            {
                at++;
                continue;
            }

            var field = text[start..(at - 1)];
            line += field.Count('\n');
            if (at < text.Length && text[at] is not (',' or '\n') && text[at..] is not ['\r', '\n', ..])
            {
                Wrong = StrayQuote;
                Skip();
            }

            return field.Contains('"') ? field.ToString().Replace("\"\"", "\"", StringComparison.Ordinal) : field.ToString();
        }
    }

    /// <summary>The rest of a line that cannot be read.</summary>
    void Skip()
    {
        var length = text[at..].IndexOf('\n');
        at = length < 0 ? text.Length : at + length;
    }

    void EndLine()
    {
        if (at < text.Length && text[at] == '\r') at++;
        if (at < text.Length && text[at] == '\n') at++;
        line++;
    }
}
