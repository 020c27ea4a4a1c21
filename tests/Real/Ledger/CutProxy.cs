using System.Net;
using System.Net.Sockets;

namespace OrleansCallback.Tests.Ledger;

/// <summary>A TCP proxy before the database that can swallow what one side says and then cut all connections.</summary>
sealed class CutProxy : IDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource stopping = new();
    readonly List<TcpClient> open = [];
    readonly int target;
    readonly TaskCompletionSource swallowed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CutProxy(int target)
    {
        this.target = target;
        listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>From now on the server's answers do not arrive.</summary>
    public bool SwallowAnswers { get; set; }

    /// <summary>From now on the client's requests do not arrive.</summary>
    public bool SwallowRequests { get; set; }

    /// <summary>Completes when something has been swallowed.</summary>
    public Task Swallowed => swallowed.Task;

    /// <summary>Cuts every connection; new ones pass all again.</summary>
    public void Cut()
    {
        lock (open)
        {
            foreach (var client in open) client.Close();
            open.Clear();
        }

        (SwallowAnswers, SwallowRequests) = (false, false);
    }

    public void Dispose()
    {
        stopping.Cancel();
        listener.Dispose();
        Cut();
        stopping.Dispose();
    }

    async Task AcceptAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            TcpClient client;
            try
            {
                client = await listener.AcceptTcpClientAsync(stopping.Token);
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            var server = new TcpClient();
            await server.ConnectAsync(IPAddress.Loopback, target);
            lock (open) open.AddRange([client, server]);
            _ = PumpAsync(client, server, () => SwallowRequests);
            _ = PumpAsync(server, client, () => SwallowAnswers);
        }
    }

    async Task PumpAsync(TcpClient from, TcpClient to, Func<bool> swallows)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            var (source, sink) = (from.GetStream(), to.GetStream());
            while (await source.ReadAsync(buffer) is var length and > 0)
            {
                if (swallows()) swallowed.TrySetResult();
                else await sink.WriteAsync(buffer.AsMemory(0, length));
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut.
        }
        finally
        {
            from.Close();
            to.Close();
        }
    }
}
