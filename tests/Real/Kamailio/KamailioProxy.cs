using System.Globalization;
using System.Net;
using OrleansCallback.Load.Processes;

namespace OrleansCallback.Tests.Kamailio;

/// <summary>
/// Kamailio as a carrier's edge: takes TLS with client certificates, records its route and passes calls on to a phone over UDP.
/// An independent witness that our TLS, our Via and our routes are what others expect.
/// </summary>
public sealed class KamailioProxy : IAsyncDisposable
{
    readonly KamailioProcess process;

    KamailioProxy(IPEndPoint tls, KamailioProcess process) => (Tls, this.process) = (tls, process);

    /// <summary>Where it takes TLS.</summary>
    public IPEndPoint Tls { get; }

    /// <summary>What it wrote.</summary>
    public string Log => process.Log;

    /// <summary>Starts Kamailio and waits until it listens.</summary>
    public static async Task<KamailioProxy> StartAsync(IPAddress address, IPEndPoint phone, (string Certificate, string Key) own, string root)
    {
        var tls = new IPEndPoint(address, FreePorts.Tcp());
        var udp = FreePorts.Udp(address.ToString());
        return new KamailioProxy(tls, await KamailioProcess.StartAsync(Configuration(tls, udp, phone, own, root), tls));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => process.DisposeAsync();

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
