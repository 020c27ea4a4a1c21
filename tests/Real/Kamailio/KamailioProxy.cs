using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OrleansCallback.Load.Processes;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Kamailio;

/// <summary>
/// Kamailio as a carrier's edge: takes TLS with client certificates, records its route and passes calls on to a phone over UDP.
/// An independent witness that our TLS, our Via and our routes are what others expect.
/// </summary>
public sealed class KamailioProxy : IAsyncDisposable
{
    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);
    static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    readonly Process process;
    readonly Queue<string> log = new();

    KamailioProxy(IPEndPoint tls, Process process) => (Tls, this.process) = (tls, process);

    /// <summary>Where it takes TLS.</summary>
    public IPEndPoint Tls { get; }

    /// <summary>What it wrote.</summary>
    public string Log
    {
        get
        {
            lock (log) return string.Join('\n', log);
        }
    }

    /// <summary>Starts Kamailio and waits until it listens.</summary>
    public static async Task<KamailioProxy> StartAsync(IPAddress address, IPEndPoint phone, (string Certificate, string Key) own, string root)
    {
        var tls = new IPEndPoint(address, FreePorts.Tcp());
        var udp = FreePorts.Udp(address.ToString());
        var file = TestFolder.NewFile("kamailio.cfg");
        await File.WriteAllTextAsync(file, Configuration(tls, udp, phone, own, root));
        var folder = Directory.CreateDirectory(TestFolder.NewFile("kamailio"));
        var start = new ProcessStartInfo("kamailio", ["-f", file, "-DD", "-E", "-m", "16", "-M", "4", "-Y", folder.FullName, "-w", folder.FullName])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        var process = Process.Start(start) ?? throw new InvalidOperationException("kamailio did not start.");
        var proxy = new KamailioProxy(tls, process);
        process.ErrorDataReceived += (_, line) => proxy.Take(line.Data);
        process.OutputDataReceived += (_, line) => proxy.Take(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        try
        {
            await Waiting.UntilAsync($"kamailio on {tls}", StartLimit, () => process.HasExited
                ? throw new InvalidOperationException($"kamailio ended with {process.ExitCode}: {proxy.Log}")
                : Listens(tls));
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }

        return proxy;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            Signal.AskToEnd(process.Id);
            await process.WaitForExitAsync().WaitAsync(StopLimit);
        }

        process.Dispose();
    }

    void Take(string? line)
    {
        lock (log)
        {
            if (line is not null) log.Enqueue(line);
            if (log.Count > 200) log.Dequeue();
        }
    }

    static bool Listens(IPEndPoint address)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(address);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    static string Configuration(IPEndPoint tls, IPEndPoint udp, IPEndPoint phone, (string Certificate, string Key) own, string root) =>
        string.Create(CultureInfo.InvariantCulture, $$"""
        #!KAMAILIO
        debug=1
        log_stderror=yes
        children=1
        tcp_children=1
        auto_aliases=no
        enable_tls=yes
        listen=tls:{{tls}}
        listen=udp:{{udp}}
        loadmodule "tm.so"
        loadmodule "sl.so"
        loadmodule "rr.so"
        loadmodule "pv.so"
        loadmodule "xlog.so"
        loadmodule "siputils.so"
        loadmodule "textops.so"
        loadmodule "tls.so"
        modparam("tls", "tls_method", "TLSv1.2+")
        modparam("tls", "certificate", "{{own.Certificate}}")
        modparam("tls", "private_key", "{{own.Key}}")
        modparam("tls", "ca_list", "{{root}}")
        modparam("tls", "verify_certificate", 1)
        modparam("tls", "require_certificate", 1)
        request_route {
          xlog("L_ALERT", "$rm over $proto from $si\n");
          if (is_method("CANCEL")) {
            if (t_check_trans()) t_relay();
            exit;
          }
          if (has_totag()) {
            if (loose_route()) t_relay();
            else if (is_method("ACK") && t_check_trans()) t_relay();
            else if (!is_method("ACK")) sl_send_reply("404", "Not here");
            exit;
          }
          record_route();
          $du = "sip:{{phone}}";
          t_relay();
        }
        """);
}
