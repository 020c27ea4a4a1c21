using System.Net;

namespace OrleansCallback.Sip;

/// <summary>The table of live transactions, and what all of them need: timers and a way out.</summary>
sealed class TransactionLayer(SipTimers timers, TimerHeap heap, Action<Transmit> send, RefusedStreams refused)
{
    readonly Dictionary<TransactionKey, Transaction> table = [];
    readonly Dictionary<(SipTransport, IPEndPoint), HashSet<ClientTransaction>> onStreams = [];

    public SipTimers Timers => timers;

    public int Count => table.Count;

    public Transaction? Find(TransactionKey key) => table.GetValueOrDefault(key);

    /// <summary>Peers that refuse TCP.</summary>
    public RefusedStreams Refused => refused;

    public void Add(Transaction transaction)
    {
        table.Add(transaction.Key, transaction);
        if (transaction is not ClientTransaction client || !client.Peer.IsReliable) return;
        if (!onStreams.TryGetValue(Stream(client.Peer), out var waiting)) onStreams.Add(Stream(client.Peer), waiting = []);
        waiting.Add(client);
    }

    public void Remove(Transaction transaction)
    {
        table.Remove(transaction.Key);
        if (transaction is ClientTransaction client) LeaveStream(client);
    }

    /// <summary>The transaction no longer waits for a stream's peer.</summary>
    public void LeaveStream(ClientTransaction client)
    {
        if (!onStreams.TryGetValue(Stream(client.Peer), out var waiting) || !waiting.Remove(client)) return;
        if (waiting.Count == 0) onStreams.Remove(Stream(client.Peer));
    }

    /// <summary>The requests of ours that wait for an answer over streams to this peer.</summary>
    public IReadOnlyList<ClientTransaction> WaitingFor(Hop peer) =>
        onStreams.TryGetValue(Stream(peer), out var waiting) ? [.. waiting.Where(t => t.IsWaiting)] : [];

    public void Send(Hop destination, ReadOnlyMemory<byte> bytes, bool isForSize = false) => send(new Transmit(destination, bytes, isForSize));

    static (SipTransport, IPEndPoint) Stream(Hop hop) => (hop.Transport, hop.EndPoint);

    public void Set(SipTimer timer, TimeSpan due) => heap.Set(timer, due);

    public void Cancel(SipTimer timer) => heap.Cancel(timer);
}
