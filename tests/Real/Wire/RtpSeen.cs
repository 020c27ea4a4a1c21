using System.Globalization;

namespace OrleansCallback.Tests.Wire;

/// <summary>An RTP packet as tshark read it.</summary>
/// <param name="Port">Where it went.</param>
/// <param name="PayloadType">Its payload type.</param>
/// <param name="Marker">Its marker bit.</param>
/// <param name="Sequence">Its sequence number.</param>
/// <param name="Timestamp">Its timestamp.</param>
/// <param name="Ssrc">Its source.</param>
/// <param name="Payload">What it carries.</param>
public sealed record RtpSeen(int Port, int PayloadType, bool Marker, ushort Sequence, uint Timestamp, string Ssrc, byte[] Payload)
{
    /// <summary>Ends the capture; all RTP packets in it, in the order of their arrival.</summary>
    internal static async Task<IReadOnlyList<RtpSeen>> ReadAsync(Capture capture, string ports) =>
        [.. (await capture.ReadAsync(
                $"udp.port=={ports},rtp", "rtp.version == 2", "udp.dstport", "rtp.p_type", "rtp.marker", "rtp.seq", "rtp.timestamp", "rtp.ssrc", "rtp.payload"))
            .Select(fields => new RtpSeen(
                Number(fields[0]), Number(fields[1]), fields[2] is "1" or "True", (ushort)Number(fields[3]), uint.Parse(fields[4], CultureInfo.InvariantCulture), fields[5],
                Convert.FromHexString(fields[6].Replace(":", "", StringComparison.Ordinal))))];

    static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
