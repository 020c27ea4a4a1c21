using System.Globalization;
using System.Net;
using OrleansCallback.Load.Processes;

namespace OrleansCallback.Load.Media;

/// <summary>Debian's rtpengine-daemon in user space, driven by its control protocol.</summary>
sealed class RtpengineRelay : IRelay
{
    const int PortsOfACall = 4;
    const int Threads = 1; // best for it on one core: its own choice, four, costs it a fifth more

    readonly Child process;
    readonly RtpengineControl control;
    int calls;

    RtpengineRelay(Child process, IPEndPoint address) => (this.process, control) = (process, new(address));

    public string Name => "rtpengine";

    public int Pid => process.Pid;

    public static async Task<RtpengineRelay> StartAsync(int core, int calls, string folder)
    {
        var (address, first) = (FreePorts.Udp("127.0.0.1"), FreePorts.UdpRange(PortsOfACall * calls));
        var command = Cores.On(
            core, "rtpengine", "--foreground", "--log-stderr", "--log-level=3", "--table=-1", "--interface=127.0.0.1", $"--listen-ng={address}",
            $"--port-min={first}", $"--port-max={first + (PortsOfACall * calls) - 1}", $"--num-threads={Threads}", "--timeout=3600", "--delete-delay=0");
        var relay = new RtpengineRelay(Child.Start("rtpengine", folder, new Dictionary<string, string>(), folder, [.. command]), address);
        await relay.process.ReadyAsync(relay.control.AnswersAsync);
        return relay;
    }

    public async Task<(IPEndPoint A, IPEndPoint B)> CallAsync(IPEndPoint a, IPEndPoint b)
    {
        var call = FormattableString.Invariant($"call-{++calls}");
        // Each is answered with the SDP for the other side.
        var forB = await control.CommandAsync(new() { ["command"] = "offer", ["call-id"] = call, ["from-tag"] = "a", ["sdp"] = Sdp(a) });
        var forA = await control.CommandAsync(new() { ["command"] = "answer", ["call-id"] = call, ["from-tag"] = "a", ["to-tag"] = "b", ["sdp"] = Sdp(b) });
        return (AudioOf(forA), AudioOf(forB));
    }

    public Task<IPEndPoint> HoldAsync(IPEndPoint phone) => throw new NotSupportedException("rtpengine is driven as a relay only.");

    public Task<long?> AllocatedAsync() => Task.FromResult<long?>(null);

    public async ValueTask DisposeAsync()
    {
        control.Dispose();
        await process.DisposeAsync();
    }

    static string Sdp(IPEndPoint audio) =>
        $"v=0\r\no=- 1 1 IN IP4 {audio.Address}\r\ns=-\r\nc=IN IP4 {audio.Address}\r\nt=0 0\r\nm=audio {audio.Port} RTP/AVP 8\r\na=ptime:20\r\na=sendrecv\r\n";

    static IPEndPoint AudioOf(IReadOnlyDictionary<string, string> answer)
    {
        var lines = answer["sdp"].Split("\r\n");
        var address = lines.First(l => l.StartsWith("c=IN IP4 ", StringComparison.Ordinal))["c=IN IP4 ".Length..];
        return new(IPAddress.Parse(address), int.Parse(lines.First(l => l.StartsWith("m=audio ", StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture));
    }
}
