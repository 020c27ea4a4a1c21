using System.Net;
using System.Net.Sockets;

namespace OrleansCallback.Silo.Settings;

/// <summary>Finds out before anything starts that the server's address is taken, and says what to write.</summary>
public static class ListenAddress
{
    const string Default = "http://localhost:5000";

    /// <summary>Throws <see cref="SettingException"/> if another program listens at an address of the settings. What cannot be told is left to the server.</summary>
    public static void Check(IConfiguration configuration)
    {
        foreach (var url in (configuration[WebHostDefaults.ServerUrlsKey] ?? Default).Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Port > 0 && Local(address.Host) is { } local && IsTaken(local, address.Port))
                throw new SettingException($"Another program listens at {url}: write a free address, such as ASPNETCORE_URLS=http://localhost:{address.Port + 80}.");
        }
    }

    static IPAddress? Local(string host) =>
        host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(host.Trim('[', ']'), out var address) ? address : null;

    static bool IsTaken(IPAddress address, int port)
    {
        try
        {
            using var probe = new TcpListener(address, port);
            probe.Start();
            return false;
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
