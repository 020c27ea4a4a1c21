using System.Globalization;
using System.Net;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Kamailio;

/// <summary>
/// Kamailio as a carrier that takes calls only from whom it has registered: it challenges REGISTER and INVITE with nonces that live for 2 s,
/// names a Service-Route and lets no INVITE pass that does not come by it. It forgets all when it ends.
/// </summary>
public sealed class KamailioRegistrar : IAsyncDisposable
{
    /// <summary>The user name of digest authentication.</summary>
    public const string User = "site";

    /// <summary>Its password.</summary>
    public const string Password = "carrier's secret";

    /// <summary>The account of the members' trunk: the user name itself.</summary>
    public const string MemberAccount = User;

    /// <summary>The account of the merchants' trunk, which the same user name proves.</summary>
    public const string MerchantAccount = "shop";

    readonly Counterpart process;

    KamailioRegistrar(Counterpart process) => this.process = process;

    /// <summary>What it wrote.</summary>
    public string Log => process.Log;

    /// <summary>Starts it on UDP and TCP of one port.</summary>
    public static async Task<KamailioRegistrar> StartAsync(IPEndPoint address, IPEndPoint members, IPEndPoint merchants) =>
        new(await KamailioProcess.StartAsync(Configuration(address, members, merchants), address));

    /// <summary>How often it has registered an account.</summary>
    public int Registered(string account) => process.Lines($"registers {account} ");

    /// <summary>How often an account was taken back.</summary>
    public int TakenBack(string account) => process.Lines($"forgets {account} ");

    /// <summary>How many calls it has passed on for an account, of which transport.</summary>
    public int Calls(string account, string transport) => process.Lines($"calls for {account} over {transport}");

    /// <summary>How often a nonce was too old.</summary>
    public int Stale => process.Lines("a stale nonce");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => process.DisposeAsync();

    static string Configuration(IPEndPoint address, IPEndPoint members, IPEndPoint merchants) => string.Create(CultureInfo.InvariantCulture, $$"""
        listen=udp:{{address}}
        listen=tcp:{{address}}
        loadmodule "usrloc.so"
        loadmodule "registrar.so"
        loadmodule "auth.so"
        modparam("auth", "nonce_expire", 2)
        modparam("usrloc", "db_mode", 0)
        modparam("usrloc", "timer_interval", 1)
        modparam("registrar", "min_expires", 1)
        request_route {
          if (is_method("REGISTER")) route(REGISTER);
          route(CANCEL);
          route(DIALOG);
          if (!is_method("INVITE")) {
            sl_send_reply("200", "OK");
            exit;
          }
          $var(account) = "{{MerchantAccount}}";
          $var(phone) = "sip:{{merchants}}";
          if ($rU =~ "^\+4930231250") {
            $var(account) = "{{MemberAccount}}";
            $var(phone) = "sip:{{members}}";
          }
          if (!registered("location", "sip:$var(account)@carrier.test")) {
            sl_send_reply("403", "Not registered");
            exit;
          }
          if (!pv_proxy_authenticate("carrier.test", "{{Password}}", "0")) {
            proxy_challenge("carrier.test", "1");
            exit;
          }
          if (!is_present_hf("Route") || !($hdr(Route) =~ "service;lr")) {
            sl_send_reply("403", "Not by the service's route");
            exit;
          }
          loose_route();
          remove_hf("Proxy-Authorization");
          xlog("L_ALERT", "calls for $var(account) over $proto\n");
          record_route();
          $du = $var(phone);
          t_relay();
        }
        route[REGISTER] {
          if (!pv_www_authenticate("carrier.test", "{{Password}}", "0") || $au != "{{User}}") {
            if ($retcode == -3 || $retcode == -4) xlog("L_ALERT", "a stale nonce\n");
            www_challenge("carrier.test", "1");
            exit;
          }
          if (!($hdr(Supported) =~ "path")) {
            sl_send_reply("421", "Extension Required");
            exit;
          }
          if ($hdr(Expires) == "0") xlog("L_ALERT", "forgets $tU over $proto\n");
          else xlog("L_ALERT", "registers $tU over $proto\n");
          append_to_reply("Service-Route: <sip:{{address}};transport=$proto;service;lr>\r\n");
          save("location");
          exit;
        }
        """);
}
