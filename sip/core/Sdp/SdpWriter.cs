using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansCallback.Sip;

/// <summary>Writes our own descriptions: one audio block, and rejected copies of what we do not take.</summary>
static class SdpWriter
{
    public static StringBuilder Session(LocalAudio local)
    {
        var address = Address(local.Rtp.Address);
        return new StringBuilder(320)
            .Append("v=0\r\n")
            .Append(CultureInfo.InvariantCulture, $"o=- {local.SessionId} {local.Version} {address}\r\n")
            .Append("s=-\r\n")
            .Append(CultureInfo.InvariantCulture, $"c={address}\r\n")
            .Append("t=0 0\r\n");
    }

    /// <summary>One audio block with these payload types; <paramref name="telephoneEvent"/> null leaves DTMF out.</summary>
    public static StringBuilder Audio(
        this StringBuilder sdp, LocalAudio local, IReadOnlyList<(int PayloadType, AudioCodec Codec)> codecs, int? telephoneEvent, MediaDirection direction)
    {
        sdp.Append(CultureInfo.InvariantCulture, $"m=audio {local.Rtp.Port} {local.Protocol}");
        foreach (var (type, _) in codecs) sdp.Append(CultureInfo.InvariantCulture, $" {type}");
        if (telephoneEvent is { } dtmf) sdp.Append(CultureInfo.InvariantCulture, $" {dtmf}");
        sdp.Append("\r\n");
        foreach (var (type, codec) in codecs)
        {
            sdp.Append(CultureInfo.InvariantCulture, $"a=rtpmap:{type} {codec.RtpMap()}\r\n");
            if (local.FormatParameters.TryGetValue(codec, out var parameters)) sdp.Append(CultureInfo.InvariantCulture, $"a=fmtp:{type} {parameters}\r\n");
        }
        if (telephoneEvent is { } events)
            sdp.Append(CultureInfo.InvariantCulture, $"a=rtpmap:{events} telephone-event/8000\r\na=fmtp:{events} 0-15\r\n");
        if (local.RtcpMux) sdp.Append("a=rtcp-mux\r\n");
        if (local.Encryption != MediaEncryption.Off)
        {
            foreach (var crypto in local.Crypto) sdp.Append(crypto.ToLine());
        }
        return sdp.Append(CultureInfo.InvariantCulture, $"a=ptime:{local.Ptime}\r\na={direction.Attribute()}\r\n");
    }

    /// <summary>A stream that we do not take keeps its place with port 0 (RFC 3264 section 6).</summary>
    public static StringBuilder Rejected(this StringBuilder sdp, MediaDescription media) =>
        sdp.Append(CultureInfo.InvariantCulture, $"m={media.Kind} 0 {media.Protocol} {string.Join(' ', media.Formats)}\r\n");

    public static byte[] Bytes(this StringBuilder sdp) => Encoding.UTF8.GetBytes(sdp.ToString());

    static string Address(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? $"IN IP6 {address}" : $"IN IP4 {address}";
}
