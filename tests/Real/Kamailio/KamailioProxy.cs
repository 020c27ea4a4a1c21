using System.Globalization;
using System.Net;
using OrleansCallback.Load.Processes;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Kamailio;

/// <summary>
/// Kamailio as a carrier's edge: takes TLS with client certificates, records its route and passes calls on to a phone over UDP.
/// An independent witness that our TLS, our Via and our routes are what others expect.
/// </summary>
public sealed class KamailioProxy : IAsyncDisposable
{
    readonly Counterpart process;

    KamailioProxy(IPEndPoint tls, Counterpart process) => (Tls, this.process) = (tls, process);

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
        enable_tls=yes
        listen=tls:{{tls}}
        listen=udp:{{udp}}
        loadmodule "tls.so"
        modparam("tls", "tls_method", "TLSv1.2+")
        modparam("tls", "certificate", "{{own.Certificate}}")
        modparam("tls", "private_key", "{{own.Key}}")
        modparam("tls", "ca_list", "{{root}}")
        modparam("tls", "verify_certificate", 1)
        modparam("tls", "require_certificate", 1)
        request_route {
          xlog("L_ALERT", "$rm over $proto from $si\n");
          route(CANCEL);
          route(DIALOG);
          record_route();
          $du = "sip:{{phone}}";
          t_relay();
        }
        """);
}
