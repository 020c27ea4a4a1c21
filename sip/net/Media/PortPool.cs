namespace OrleansCallback.Sip.Net.Media;

/// <summary>The even ports that are free, longest unused first, so that a late packet meets a new leg as rarely as can be.</summary>
sealed class PortPool
{
    readonly Lock gate = new();
    readonly Queue<int> free = new();

    public PortPool(int first, int last)
    {
        for (var port = first + (first & 1); port < last; port += 2) free.Enqueue(port);
        Size = free.Count;
    }

    /// <summary>Ports in the pool, free or not.</summary>
    public int Size { get; }

    public int Free
    {
        get
        {
            lock (gate) return free.Count;
        }
    }

    public bool TryTake(out int port)
    {
        lock (gate) return free.TryDequeue(out port);
    }

    public void Return(int port)
    {
        lock (gate) free.Enqueue(port);
    }
}
