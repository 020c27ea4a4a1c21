using System.Net;

namespace OrleansCallback.Load.Media;

/// <summary>A relay in a process of its own.</summary>
interface IRelay : IAsyncDisposable
{
    string Name { get; }

    int Pid { get; }

    /// <summary>Connects two phones; returns where each of them is to send to.</summary>
    Task<(IPEndPoint A, IPEndPoint B)> CallAsync(IPEndPoint a, IPEndPoint b);

    /// <summary>Plays hold audio to a phone; returns where it is to send to.</summary>
    Task<IPEndPoint> HoldAsync(IPEndPoint phone);

    /// <summary>Managed bytes that the process has allocated so far, after its memory was put in order; null where memory is not managed.</summary>
    Task<long?> AllocatedAsync();
}
