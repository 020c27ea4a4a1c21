using System.Net;

namespace OrleansCallback.Sip;

/// <summary>The table of live transactions, and what all of them need: timers and a way out.</summary>
sealed class TransactionLayer(SipTimers timers, TimerHeap heap, Action<Transmit> send)
{
    readonly Dictionary<TransactionKey, Transaction> table = [];

    public SipTimers Timers => timers;

    public int Count => table.Count;

    public Transaction? Find(TransactionKey key) => table.GetValueOrDefault(key);

    public void Add(Transaction transaction) => table.Add(transaction.Key, transaction);

    public void Remove(Transaction transaction) => table.Remove(transaction.Key);

    public void Send(IPEndPoint destination, ReadOnlyMemory<byte> bytes) => send(new Transmit(destination, bytes));

    public void Set(SipTimer timer, TimeSpan due) => heap.Set(timer, due);

    public void Cancel(SipTimer timer) => heap.Cancel(timer);
}
