using System.Net;
using System.Net.Sockets;

namespace OrleansCallback.Silo.Clustering;

static class FreePort
{
    /// <summary>The port as configured, or a free TCP port of the system's choice for 0.</summary>
    public static int For(int configured, IPAddress address)
    {
        if (configured != 0) return configured;
        using var probe = new TcpListener(address, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
