namespace OrleansCallback.Sip;

/// <summary>Enumerates the values of a header field over all its lines, split at commas outside quotes and angle brackets.</summary>
public ref struct HeaderValues
{
    readonly SipMessage message;
    readonly HeaderId id;
    int line;
    ReadOnlySpan<byte> rest;

    internal HeaderValues(SipMessage message, HeaderId id)
    {
        this.message = message;
        this.id = id;
        line = -1;
    }

    /// <summary>The value that the enumerator stands on, trimmed.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>For foreach.</summary>
    public readonly HeaderValues GetEnumerator() => this;

    /// <summary>Goes to the next value that is not empty.</summary>
    public bool MoveNext()
    {
        while (true)
        {
            if (rest.IsEmpty && !NextLine()) return false;
            var comma = Grammar.IndexOutsideQuotes(rest, (byte)',');
            Current = Grammar.Trim(comma < 0 ? rest : rest[..comma]);
            rest = comma < 0 ? default : rest[(comma + 1)..];
            if (!Current.IsEmpty) return true;
        }
    }

    bool NextLine()
    {
        while (++line < message.HeaderCount)
        {
            if (message.HeaderIdAt(line) != id) continue;
            rest = message.HeaderValueAt(line);
            if (!rest.IsEmpty) return true;
        }
        line = message.HeaderCount;
        return false;
    }
}
