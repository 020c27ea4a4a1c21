using System.Text;

namespace OrleansCallback.Sip;

/// <summary>
/// The ";name=value" list behind a URI, an address or a Via, in order. Names ignore case; a value keeps its quotes. Immutable.
/// </summary>
public sealed class SipParameters
{
    readonly (string Name, string? Value)[] items;

    SipParameters((string, string?)[] items) => this.items = items;

    /// <summary>No parameters.</summary>
    public static SipParameters None { get; } = new([]);

    /// <summary>The parameter's value, "" when it stands without one, null when it is not there.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var (known, value) in items)
            {
                if (known.Equals(name, StringComparison.OrdinalIgnoreCase)) return value ?? "";
            }
            return null;
        }
    }

    /// <summary>The same list with this parameter set or replaced.</summary>
    public SipParameters With(string name, string? value) => new([.. Without(name).items, (name, value)]);

    /// <summary>The same list without this parameter.</summary>
    public SipParameters Without(string name) =>
        this[name] is null ? this : new([.. items.Where(i => !i.Name.Equals(name, StringComparison.OrdinalIgnoreCase))]);

    /// <summary>The list as it stands on the wire, each parameter with its leading semicolon.</summary>
    public override string ToString()
    {
        if (items.Length == 0) return "";
        var text = new StringBuilder(items.Length * 16);
        foreach (var (name, value) in items)
        {
            text.Append(';').Append(name);
            if (value is not null) text.Append('=').Append(value);
        }
        return text.ToString();
    }

    /// <summary>Reads ";a;b=c" to the end of <paramref name="text"/>; blanks around the signs are allowed.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> text, out SipParameters parameters)
    {
        parameters = None;
        text = Grammar.Trim(text);
        if (text.IsEmpty) return true;
        var list = new List<(string, string?)>(4);
        while (!text.IsEmpty)
        {
            if (text[0] != ';') return false;
            text = text[1..];
            var end = Grammar.IndexOutsideQuotes(text, (byte)';');
            var one = Grammar.Trim(end < 0 ? text : text[..end]);
            text = end < 0 ? default : text[end..];
            if (one.IsEmpty)
            {
                // Some phones end the list with a semicolon; an empty parameter inside it is an error (RFC 4475 section 3.1.2.1).
                if (text.IsEmpty) break;
                return false;
            }
            if (!TryOne(one, out var parameter)) return false;
            list.Add(parameter);
        }
        parameters = new SipParameters([.. list]);
        return true;
    }

    static bool TryOne(ReadOnlySpan<byte> text, out (string, string?) parameter)
    {
        parameter = default;
        var equals = text.IndexOf((byte)'=');
        var name = Grammar.Trim(equals < 0 ? text : text[..equals]);
        // URI parameters may hold more than token characters (RFC 3261 section 25.1, paramchar).
        if (!Grammar.IsVisible(name) || name.ContainsAny("\"<>,?"u8)) return false;
        if (equals < 0)
        {
            parameter = (Grammar.Text(name), null);
            return true;
        }
        var value = Grammar.Trim(text[(equals + 1)..]);
        if (!IsValue(value)) return false;
        parameter = (Grammar.Text(name), Grammar.Text(value));
        return true;
    }

    static bool IsValue(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty) return false;
        return value[0] == '"' ? Grammar.QuotedLength(value) == value.Length : Grammar.IsVisible(value) && !value.ContainsAny("\"<>,"u8);
    }
}
