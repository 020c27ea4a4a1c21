using System.Net;
using System.Net.Sockets;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Kamailio;

/// <summary>Starts Kamailio.</summary>
static class KamailioProcess
{
    /// <summary>What every configuration of the tests begins with; module parameters and routes follow.</summary>
    public const string Preamble = """
        #!KAMAILIO
        debug=1
        log_stderror=yes
        children=1
        tcp_children=1
        auto_aliases=no
        loadmodule "tm.so"
        loadmodule "sl.so"
        loadmodule "rr.so"
        loadmodule "pv.so"
        loadmodule "xlog.so"
        loadmodule "siputils.so"
        loadmodule "textops.so"

        """;

    /// <summary>Routes for CANCEL and for what belongs to a dialog, to be called first; both end the script when it was theirs.</summary>
    public const string Dialogs = """

        route[CANCEL] {
          if (!is_method("CANCEL")) return;
          if (t_check_trans()) t_relay();
          exit;
        }
        route[DIALOG] {
          if (!has_totag()) return;
          if (loose_route()) t_relay();
          else if (is_method("ACK") && t_check_trans()) t_relay();
          else if (!is_method("ACK")) sl_send_reply("404", "Not here");
          exit;
        }
        """;

    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    /// <summary>Starts Kamailio and waits until it listens.</summary>
    /// <param name="configuration">What stands between <see cref="Preamble"/> and <see cref="Dialogs"/>.</param>
    /// <param name="listens">A TCP address that it then listens on.</param>
    public static async Task<Counterpart> StartAsync(string configuration, IPEndPoint listens)
    {
        var file = TestFolder.NewFile("kamailio.cfg");
        await File.WriteAllTextAsync(file, Preamble + configuration + Dialogs);
        var folder = Directory.CreateDirectory(TestFolder.NewFile("kamailio"));
        var kamailio = Counterpart.Start(
            "kamailio", "-f", file, "-DD", "-E", "-m", "16", "-M", "4", "-Y", folder.FullName, "-w", folder.FullName);
        try
        {
            await Waiting.UntilAsync($"kamailio on {listens}", StartLimit, () => kamailio.ExitCode is { } code
                ? throw new InvalidOperationException($"kamailio ended with {code}: {kamailio.Log}")
                : Listens(listens));
        }
        catch
        {
            await kamailio.DisposeAsync();
            throw;
        }

        return kamailio;
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
}
