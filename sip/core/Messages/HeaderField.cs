namespace OrleansCallback.Sip;

/// <summary>Where one header line stands in its message's buffer.</summary>
readonly record struct HeaderField(HeaderId Id, int NameStart, int NameLength, int ValueStart, int ValueLength);
