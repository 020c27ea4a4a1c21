using System.Buffers;
using System.Text;

namespace OrleansCallback.Sip;

/// <summary>Character classes and small readers of RFC 3261 section 25.1, over bytes.</summary>
static class Grammar
{
    /// <summary>token = 1*(alphanum / "-" / "." / "!" / "%" / "*" / "_" / "+" / "`" / "'" / "~").</summary>
    static readonly SearchValues<byte> Token =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.!%*_+`'~"u8);

    /// <summary>Controls that may not stand in a header line; HTAB may.</summary>
    static readonly SearchValues<byte> Controls = SearchValues.Create(
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 127]);

    public static bool IsToken(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExcept(Token);

    public static int TokenLength(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAnyExcept(Token);
        return end < 0 ? text.Length : end;
    }

    public static bool HasControls(ReadOnlySpan<byte> text) => text.ContainsAny(Controls);

    /// <summary>True when a control stands there other than behind a backslash, where any but a line end may (quoted-pair).</summary>
    public static bool HasBareControls(ReadOnlySpan<byte> text)
    {
        for (var from = 0; text[from..].IndexOfAny(Controls) is >= 0 and var at; from += at + 1)
        {
            if (from + at == 0 || text[from + at - 1] != '\\' || text[from + at] == '\r') return true;
        }
        return false;
    }

    /// <summary>Visible ASCII without space: what URIs, tags and Call-IDs are made of.</summary>
    public static bool IsVisible(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange((byte)0x21, (byte)0x7e);

    public static bool IsSpace(byte b) => b is (byte)' ' or (byte)'\t';

    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t"u8);

    public static bool EqualsIgnoreCase(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) => Ascii.EqualsIgnoreCase(a, b);

    /// <summary>Digits only, at most <paramref name="max"/>: a sign, a blank or an overflow is no number.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> text, uint max, out uint number)
    {
        number = 0;
        if (text.IsEmpty || text.ContainsAnyExceptInRange((byte)'0', (byte)'9')) return false;
        text = text.TrimStart((byte)'0');
        if (text.Length > 10) return false;
        ulong value = 0;
        foreach (var digit in text) value = value * 10 + (uint)(digit - '0');
        number = (uint)Math.Min(value, uint.MaxValue);
        return value <= max;
    }

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    /// <summary>The index of the first <paramref name="wanted"/> outside quoted strings and angle brackets, or -1.</summary>
    public static int IndexOutsideQuotes(ReadOnlySpan<byte> text, byte wanted)
    {
        var angle = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var b = text[i];
            if (b == wanted && angle == 0) return i;
            if (b == '"')
            {
                i += QuotedLength(text[i..]) - 1;
                if (i >= text.Length) return -1;
            }
            else if (b == '<') angle++;
            else if (b == '>' && angle > 0) angle--;
        }
        return -1;
    }

    /// <summary>Length of the quoted string that starts here, both quotes included; beyond the end when it is not closed.</summary>
    public static int QuotedLength(ReadOnlySpan<byte> text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == '"') return i + 1;
        }
        return text.Length + 1;
    }

    /// <summary>The text of a quoted string without its quotes and escapes; any other text is returned as it is.</summary>
    public static string Unquote(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2 || text[0] != '"' || text[^1] != '"') return Text(text);
        text = text[1..^1];
        if (!text.Contains((byte)'\\')) return Text(text);
        var plain = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length) i++;
            plain[length++] = text[i];
        }
        return Text(plain.AsSpan(0, length));
    }

    /// <summary>The text as a quoted string; quotes and backslashes are escaped.</summary>
    public static string Quote(string text)
    {
        if (text.AsSpan().IndexOfAny('"', '\\') < 0) return $"\"{text}\"";
        var quoted = new StringBuilder(text.Length + 8).Append('"');
        foreach (var c in text)
        {
            if (c is '"' or '\\') quoted.Append('\\');
            quoted.Append(c);
        }
        return quoted.Append('"').ToString();
    }
}
