namespace OrleansCallback.Sip.Srtp;

/// <summary>Where the parts behind an RTCP packet lie (RFC 3711 section 3.4; RFC 7714 section 9 has the tag first).</summary>
readonly record struct RtcpLayout
{
    /// <summary>Fixed header and SSRC of the first packet, which stay readable.</summary>
    public const int HeaderLength = 8;

    public RtcpLayout(int length, SrtpCipher cipher, int mkiLength)
    {
        Word = cipher.TagIsFirst ? length + cipher.TagLength : length;
        Mki = Word + sizeof(uint);
        Tag = cipher.TagIsFirst ? length : Mki + mkiLength;
    }

    /// <summary>Offset of the index word with its E bit.</summary>
    public int Word { get; }

    /// <summary>Offset of the master key identifier.</summary>
    public int Mki { get; }

    /// <summary>Offset of the tag.</summary>
    public int Tag { get; }
}
