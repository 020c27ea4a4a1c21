using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;

namespace OrleansCallback.Tests.Wire;

/// <summary>
/// What went over the loopback, read by tshark: every message that reached a SIPp phone or a proxy of these tests has to be free of faults in the
/// eyes of a dissector that we did not write. Audio is left out at the kernel, so that the file stays small.
/// </summary>
public sealed class WireWitness : IAsyncDisposable
{
    const string Ports = "12000-19999"; // those of FreePorts
    const int Warning = 0x600000; // PI_WARN of tshark's expert information; notes are for what is new to it, such as a header of a site's own

    // RTP and RTCP begin with version 2 in the two highest bits; SIP is text. Of TCP, what is no test's own database or web.
    const string Filter = $"(ip and udp portrange {Ports} and udp[8] & 0x80 = 0) or (ip6 and udp portrange {Ports} and ip6[48] & 0x80 = 0) "
        + "or (ip and tcp and not (src host 127.0.0.1 and dst host 127.0.0.1)) or (ip6 and tcp)";

    /// <summary>Of what a receiver says that it got, this share may be missing here: the kernel drops from a capture before it drops from a socket.</summary>
    const double Missed = 0.1;

    static readonly ConcurrentDictionary<IPEndPoint, WireReceiver> receivers = new();

    readonly Capture capture;

    WireWitness(Capture capture) => this.capture = capture;

    /// <summary>Somebody to whom nothing faulty may be sent.</summary>
    /// <param name="receiver">Its address.</param>
    /// <param name="least">How many messages must be seen to go there.</param>
    public static void Expect(IPEndPoint receiver, int least = 0) => receivers.GetOrAdd(receiver, _ => new()).Add("", least);

    /// <summary>The receiver's own record says that it got so many messages of a call: as many have to be seen.</summary>
    public static void Heard(IPEndPoint receiver, string callId, int messages) => receivers.GetOrAdd(receiver, _ => new()).Add(callId, messages);

    /// <summary>Starts to write down what passes.</summary>
    public static async Task<WireWitness> StartAsync() => new(await Capture.StartAsync(Filter));

    /// <summary>
    /// Ends the capture; says what tshark finds wrong in what was sent to these receivers, or all that are expected, how many messages that was,
    /// and what it should have seen and has not.
    /// </summary>
    public async Task<WireVerdict> ReadAsync(params IReadOnlyList<IPEndPoint> only)
    {
        var judged = (only.Count == 0 ? [.. receivers.Keys] : only).ToDictionary(Text, address => receivers.GetValueOrDefault(address) ?? new());
        var lines = (await capture.ReadAsync(
                $"udp.port=={Ports},sip tcp.port=={Ports},sip", "sip", "ip.dst", "ipv6.dst", "udp.dstport", "tcp.dstport", "_ws.malformed",
                "_ws.expert.severity", "_ws.expert.message", "sip.Call-ID", "sip.CSeq"))
            .Where(fields => judged.ContainsKey(Receiver(fields)))
            .ToList();
        var faults = lines.Where(fields => fields[4].Length > 0 || IsWarned(fields[5])).Select(fields => string.Join(' ', fields)).ToList();
        var seen = lines.ToLookup(Receiver, fields => fields[7]);
        return new(faults, lines.Count, [.. judged.SelectMany(r => r.Value.Missing([.. seen[r.Key]], Missed).Select(missing => $"{r.Key}: {missing}"))]);
    }

    /// <summary>Whether this text has passed and is written down.</summary>
    public bool Holds(string text) => capture.Bytes().Span.IndexOf(Encoding.ASCII.GetBytes(text)) >= 0;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => capture.DisposeAsync();

    static bool IsWarned(string severities) =>
        severities.Split(',', StringSplitOptions.RemoveEmptyEntries).Any(severity => int.Parse(severity, CultureInfo.InvariantCulture) >= Warning);

    static string Receiver(string[] fields) => $"{fields[0]}{fields[1]} {fields[2]}{fields[3]}";

    static string Text(IPEndPoint address) => $"{address.Address} {address.Port}";
}
