namespace OrleansCallback.Sip;

/// <summary>Where one header line stands in its message's buffer, which is never longer than <see cref="SipParser.MaxMessageBytes"/>.</summary>
readonly record struct HeaderField(HeaderId Id, ushort NameStart, ushort NameLength, ushort ValueStart, ushort ValueLength);
