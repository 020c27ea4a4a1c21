using System.Diagnostics;
using System.Globalization;
using System.Net;
using OrleansCallback.Load.Processes;
using OrleansCallback.Sip;
using OrleansCallback.Tests.Processes;
using OrleansCallback.Tests.Wire;

namespace OrleansCallback.Tests.Sipp;

/// <summary>
/// SIPp as the phones behind one trunk: every call that comes in is handled by one script. An independent witness: what it says it
/// received and sent is what the tests believe.
/// </summary>
public sealed class SippPhone : IAsyncDisposable
{
    const int LongestLife = 240; // seconds
    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(10);
    static readonly TimeSpan FinishLimit = TimeSpan.FromSeconds(5);

    static readonly string[] Echo = ["-rtp_echo"];

    static readonly string[] Harmless = ["receive timeout on message", "Overload warning"];

    readonly Process process;
    readonly string trace;
    readonly string errors;
    int told;

    SippPhone(IPEndPoint address, IPEndPoint audio, Process process, string trace, string errors)
    {
        (Address, Audio, this.process, this.trace, this.errors) = (address, audio, process, trace, errors);
    }

    /// <summary>Its signalling address.</summary>
    public IPEndPoint Address { get; }

    /// <summary>Where SIPp sends audio back to whoever sends it.</summary>
    public IPEndPoint Audio { get; }

    /// <summary>All messages so far, oldest first.</summary>
    public IReadOnlyList<WireMessage> Messages => WireMessage.ReadTrace(ReadShared(trace));

    /// <summary>What SIPp complained about, timeouts of a script's own pauses and of a busy machine aside.</summary>
    public IReadOnlyList<string> Complaints =>
        [.. ReadShared(errors).Split('\n').Where(line =>
            line.Contains(": ", StringComparison.Ordinal) && !Array.Exists(Harmless, harmless => line.Contains(harmless, StringComparison.Ordinal)))];

    /// <summary>Starts SIPp and waits until it takes calls.</summary>
    public static async Task<SippPhone> StartAsync(IPEndPoint address, PhoneScript script, SipTransport transport = SipTransport.Udp)
    {
        WireWitness.Expect(address);
        var audio = FreePorts.Udp(address.Address.ToString());
        var scenario = TestFolder.NewFile($"{address.Address}-{script.Scenario}.xml");
        await File.WriteAllTextAsync(scenario, script.Fill(audio));
        string trace = Path.ChangeExtension(scenario, ".trace"), errors = Path.ChangeExtension(scenario, ".errors");
        var start = new ProcessStartInfo("sipp",
        [
            "-sf", scenario, "-i", $"{address.Address}", "-p", Text(address.Port), "-bind_local", "-cp", Text(FreePorts.Tcp()),
            "-t", SippTransport.Of(transport), "-nostdin", "-skip_rlimit", "-timeout", Text(LongestLife), "-timer_resol", "1", "-aa",
            "-trace_msg", "-message_file", trace, "-trace_err", "-error_file", errors,
            "-mi", $"{address.Address}", "-mp", Text(audio.Port), .. script.Play is null ? Echo : [],
        ])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = TestFolder.Path,
        };
        start.Environment["TERM"] = "dumb";
        var process = Process.Start(start) ?? throw new InvalidOperationException("sipp did not start.");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var phone = new SippPhone(address, audio, process, trace, errors);
        await Waiting.UntilAsync($"SIPp on {address}", StartLimit, () => process.HasExited
            ? throw new InvalidOperationException($"sipp ended with {process.ExitCode}: {ReadShared(errors)}")
            : Listens(address, transport));
        return phone;
    }

    /// <summary>Requests that came in with this method, without retransmissions.</summary>
    public IReadOnlyList<WireMessage> Received(string method) =>
        [.. Messages.Where(m => m.Received && m.Method == method).DistinctBy(m => (m.CallId, m.Header("CSeq"), m.Header("Via")))];

    /// <summary>Waits for a message.</summary>
    public Task<WireMessage> SeesAsync(string what, TimeSpan limit, Func<WireMessage, bool> message) =>
        Waiting.ForAsync($"{what} at {Address}", limit, () => Task.FromResult(Messages.FirstOrDefault(message)), Describe);

    /// <summary>Waits for a request of this method.</summary>
    public Task<WireMessage> ReceivesAsync(string method, TimeSpan limit) => SeesAsync(method, limit, m => m.Received && m.Method == method);

    /// <summary>Lets the one call of this phone go on where its script waits to be <see cref="SippScenario.Told"/>.</summary>
    public async Task TellAsync()
    {
        using var socket = new System.Net.Sockets.UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var text = $"MESSAGE sip:phone@{Address} SIP/2.0\r\nVia: SIP/2.0/UDP {socket.Client.LocalEndPoint};branch=z9hG4bK{++told}\r\nMax-Forwards: 70\r\n"
            + $"From: <sip:test@localhost>;tag=t\r\nTo: <sip:phone@localhost>\r\nCall-ID: {Received("INVITE")[0].CallId}\r\nCSeq: {told} MESSAGE\r\nContent-Length: 0\r\n\r\n";
        await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes(text), Address);
    }

    /// <summary>Lets the running calls end and ends SIPp; fails unless every call went by the script.</summary>
    public async Task FinishAsync()
    {
        Signal.FinishCalls(process.Id);
        using var limit = new CancellationTokenSource(FinishLimit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Calls are still up at {Address}:\n{Describe()}");
        }

        const int AllSuccessful = 0, NoCalls = 99;
        if (process.ExitCode is not (AllSuccessful or NoCalls) || Complaints.Count > 0)
            throw new InvalidOperationException($"SIPp on {Address} ended with {process.ExitCode}: {string.Join('\n', Complaints)}\n{Describe()}");
    }

    /// <summary>What went over the wire here, a line per message.</summary>
    public string Describe() => string.Join('\n', Messages);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            Signal.KillAtOnce(process.Id);
            await process.WaitForExitAsync();
        }

        process.Dispose();
        foreach (var call in Messages.Where(m => m.Received).CountBy(m => m.CallId)) WireWitness.Heard(Address, call.Key, call.Value);
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    static bool Listens(IPEndPoint address, SipTransport transport)
    {
        var words = address.Address.GetAddressBytes().Chunk(4).Select(word => $"{BitConverter.ToUInt32(word):X8}");
        var local = $"{string.Concat(words)}:{address.Port:X4}";
        var six = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? "6" : "";
        return File.ReadLines($"/proc/net/{transport.ParameterName()}{six}").Any(line => line.Contains(local, StringComparison.Ordinal));
    }

    static string ReadShared(string path)
    {
        if (!File.Exists(path)) return "";
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }
}
