using System.Globalization;
using System.Net;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Kamailio;

/// <summary>
/// Kamailio as a carrier that trusts nobody: every request that begins something, and every BYE, has to prove a password (RFC 3261 section 22.3);
/// it records its route on whatever transport a call comes, and passes it to a phone over UDP.
/// </summary>
public sealed class KamailioChallenger : IAsyncDisposable
{
    /// <summary>The user name.</summary>
    public const string User = "site";

    /// <summary>The password.</summary>
    public const string Password = "a carrier's secret";

    readonly Counterpart process;

    KamailioChallenger(Counterpart process) => this.process = process;

    /// <summary>What it wrote.</summary>
    public string Log => process.Log;

    /// <summary>Starts it on UDP and TCP of one port.</summary>
    public static async Task<KamailioChallenger> StartAsync(IPEndPoint address, IPEndPoint members, IPEndPoint merchants) =>
        new(await KamailioProcess.StartAsync(Configuration(address, members, merchants), address));

    /// <summary>How often it wrote a line with these words.</summary>
    public int Lines(string words) => process.Lines(words);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => process.DisposeAsync();

    static string Configuration(IPEndPoint address, IPEndPoint members, IPEndPoint merchants) => string.Create(CultureInfo.InvariantCulture, $$"""
        listen=udp:{{address}}
        listen=tcp:{{address}}
        loadmodule "auth.so"
        modparam("auth", "nonce_count", 1)
        modparam("auth", "qop", "auth")
        request_route {
          route(CANCEL);
          # Of the phones' own requests none is challenged: they are this carrier's.
          if (is_method("INVITE|BYE|UPDATE") && $si == "127.0.0.1") {
            if (!pv_proxy_authenticate("carrier.test", "{{Password}}", "0") || $au != "{{User}}") {
              xlog("L_ALERT", "challenges $rm over $proto\n");
              proxy_challenge("carrier.test", "1");
              exit;
            }
            consume_credentials();
            xlog("L_ALERT", "lets pass $rm over $proto\n");
          }
          route(DIALOG);
          record_route();
          $du = "sip:{{merchants}}";
          if ($rU =~ "^\+4930231250") $du = "sip:{{members}}";
          t_relay();
        }
        """);
}
