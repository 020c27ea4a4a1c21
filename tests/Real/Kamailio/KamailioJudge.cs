using System.Globalization;
using System.Net;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Kamailio;

/// <summary>
/// Kamailio as a judge of digests: a proxy that asks for one algorithm and one protection, with nonces that live for 1 s, passes to a phone what it
/// believes, and writes down what it was shown. Called as "both", it asks as proxy and as server in one response.
/// </summary>
public sealed class KamailioJudge : IAsyncDisposable
{
    /// <summary>The user name.</summary>
    public const string User = "site";

    /// <summary>The password.</summary>
    public const string Password = "a judge's secret";

    readonly Counterpart process;

    KamailioJudge(Counterpart process) => this.process = process;

    /// <summary>What it wrote.</summary>
    public string Log => process.Log;

    /// <summary>Starts it.</summary>
    /// <param name="address">UDP and TCP.</param>
    /// <param name="phone">Where it passes calls to.</param>
    /// <param name="algorithm">MD5 or SHA-256.</param>
    /// <param name="protection">auth or auth-int.</param>
    public static async Task<KamailioJudge> StartAsync(IPEndPoint address, IPEndPoint phone, string algorithm, string protection) =>
        new(await KamailioProcess.StartAsync(Configuration(address, phone, algorithm, protection), address));

    /// <summary>How often it wrote a line with these words.</summary>
    public int Lines(string words) => process.Lines(words);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => process.DisposeAsync();

    static string Configuration(IPEndPoint address, IPEndPoint phone, string algorithm, string protection)
    {
        var flags = protection == "auth-int" ? 2 : 1;
        return string.Create(CultureInfo.InvariantCulture, $$"""
        listen=udp:{{address}}
        listen=tcp:{{address}}
        loadmodule "auth.so"
        modparam("auth", "algorithm", "{{algorithm}}")
        modparam("auth", "qop", "{{protection}}")
        modparam("auth", "nonce_expire", 1)
        request_route {
          route(CANCEL);
          if (is_method("INVITE|BYE") && $si == "127.0.0.1") {
            if ($rU == "both" && !pv_www_authenticate("server.test", "{{Password}}", "0")) route(ASK_TWICE);
            if (!pv_proxy_authenticate("proxy.test", "{{Password}}", "0")) {
              $var(why) = $retcode;
              if ($var(why) == -4) xlog("L_ALERT", "a stale nonce in $rm\n");
              if ($var(why) == -2 && {{flags}} == 2) route(INTEGRITY);
              if ($var(why) == -2) xlog("L_ALERT", "disbelieves $rm\n");
              if ($var(why) < 0) {
                proxy_challenge("proxy.test", "{{flags}}");
                exit;
              }
            }
            xlog("L_ALERT", "believes $rm: $hdr(Proxy-Authorization) $hdr(Authorization)\n");
            consume_credentials();
          }
          route(DIALOG);
          record_route();
          $du = "sip:{{phone}}";
          t_relay();
        }
        route[ASK_TWICE] {
          auth_get_www_authenticate("server.test", "{{4 * flags}}", "$var(asked)");
          append_to_reply("$var(asked)");
          proxy_challenge("proxy.test", "{{flags}}");
          exit;
        }
        # The module asks for auth-int and checks the nonce, but leaves the body out of its sum: the sum is made here, with its hashes, of what it read.
        route[INTEGRITY] {
          $var(said) = $hdr(Proxy-Authorization);
          $var(a1) = "{{User}}:proxy.test:{{Password}}";
          $var(body) = "{{Hash(algorithm, "")}}";
          if ($rb != $null) $var(body) = $(rb{s.{{Transformation(algorithm)}}});
          $var(a2) = $rm + ":" + $adu + ":" + $var(body);
          $var(sum) = $(var(a1){s.{{Transformation(algorithm)}}}) + ":" + $(var(said){re.subst,/.*[ ,]nonce="([^"]*)".*/\1/})
            + ":" + $(var(said){re.subst,/.*[ ,]nc=([0-9a-f]*).*/\1/}) + ":" + $(var(said){re.subst,/.*[ ,]cnonce="([^"]*)".*/\1/})
            + ":auth-int:" + $(var(a2){s.{{Transformation(algorithm)}}});
          if ($(var(sum){s.{{Transformation(algorithm)}}}) == $(var(said){re.subst,/.*[ ,]response="([^"]*)".*/\1/})) $var(why) = 1;
        }
        """);
    }

    static string Transformation(string algorithm) => algorithm == "MD5" ? "md5" : "sha256";

    static string Hash(string algorithm, string text)
    {
        var bytes = System.Text.Encoding.ASCII.GetBytes(text);
#pragma warning disable CA5351 // What digest authentication has always used.
        return Convert.ToHexStringLower(algorithm == "MD5" ? System.Security.Cryptography.MD5.HashData(bytes) : System.Security.Cryptography.SHA256.HashData(bytes));
#pragma warning restore CA5351
    }
}
