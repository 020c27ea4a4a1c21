namespace OrleansCallback.Sip;

/// <summary>Goes over ";a;b=c" without making anything of it.</summary>
ref struct ParameterScanner(ReadOnlySpan<byte> text)
{
    ReadOnlySpan<byte> rest = Grammar.Trim(text);

    /// <summary>True once something stood there that is no list of parameters.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>The name of the parameter that was come to.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>Its value with quotes, if it has one.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Whether an equals sign follows the name.</summary>
    public bool HasValue { get; private set; }

    /// <summary>Goes to the next parameter; false at the end, and where the list is broken.</summary>
    public bool MoveNext()
    {
        if (rest.IsEmpty || IsBroken) return false;
        if (rest[0] != ';') return Break();
        rest = rest[1..];
        var end = Grammar.IndexOutsideQuotes(rest, (byte)';');
        var one = Grammar.Trim(end < 0 ? rest : rest[..end]);
        rest = end < 0 ? default : rest[end..];
        // Some phones end the list with a semicolon; an empty parameter inside it is an error (RFC 4475 section 3.1.2.1).
        if (one.IsEmpty) return !rest.IsEmpty && Break();
        return TryOne(one) || Break();
    }

    /// <summary>Whether a whole text is such a list; the last value of a parameter on the way, or empty.</summary>
    public static bool IsList(ReadOnlySpan<byte> text, ReadOnlySpan<byte> wanted, out ReadOnlySpan<byte> value, out bool found)
    {
        value = default;
        found = false;
        var scanner = new ParameterScanner(text);
        while (scanner.MoveNext())
        {
            if (found || !Grammar.EqualsIgnoreCase(scanner.Name, wanted)) continue;
            value = scanner.Value;
            found = true;
        }
        return !scanner.IsBroken;
    }

    bool Break()
    {
        IsBroken = true;
        return false;
    }

    bool TryOne(ReadOnlySpan<byte> text)
    {
        var equals = text.IndexOf((byte)'=');
        Name = Grammar.Trim(equals < 0 ? text : text[..equals]);
        HasValue = equals >= 0;
        Value = HasValue ? Grammar.Trim(text[(equals + 1)..]) : default;
        // URI parameters may hold more than token characters (RFC 3261 section 25.1, paramchar).
        return Grammar.IsVisible(Name) && !Name.ContainsAny("\"<>,?"u8) && (!HasValue || IsValue(Value));
    }

    static bool IsValue(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty) return false;
        return value[0] == '"' ? Grammar.QuotedLength(value) == value.Length : Grammar.IsVisible(value) && !value.ContainsAny("\"<>,"u8);
    }
}
