namespace OrleansCallback.Sip;

/// <summary>Retry-After (RFC 3261 section 20.33); its comment and parameters are not kept.</summary>
static class RetryAfter
{
    /// <summary>The largest wait that is believed: a day.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public static TimeSpan? Parse(ReadOnlySpan<byte> text)
    {
        text = Grammar.Trim(text);
        var end = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (end >= 0 && text[end] is not ((byte)' ' or (byte)'\t' or (byte)'(' or (byte)';')) return null;
        if (!Grammar.TryNumber(end < 0 ? text : text[..end], uint.MaxValue, out var seconds)) return null;
        return TimeSpan.FromSeconds(Math.Min(seconds, Longest.TotalSeconds));
    }
}
