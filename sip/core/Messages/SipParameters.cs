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
        List<(string, string?)>? list = null;
        var scanner = new ParameterScanner(text);
        while (scanner.MoveNext()) (list ??= new(4)).Add((Grammar.Text(scanner.Name), scanner.HasValue ? Grammar.Text(scanner.Value) : null));
        if (scanner.IsBroken) return false;
        if (list is not null) parameters = new SipParameters([.. list]);
        return true;
    }
}
