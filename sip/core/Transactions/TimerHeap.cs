namespace OrleansCallback.Sip;

/// <summary>One timer: set, moved and cancelled any number of times; in the heap only while it runs.</summary>
sealed class SipTimer(Action<TimeSpan> fire)
{
    public TimeSpan Due { get; internal set; }

    /// <summary>Place in the heap, -1 when the timer does not run.</summary>
    internal int Index { get; set; } = -1;

    internal long Order { get; set; }

    public bool IsRunning => Index >= 0;

    public void Fire(TimeSpan now) => fire(now);
}

/// <summary>
/// All timers of one user agent in a binary heap that knows each timer's place: setting and cancelling cost log n, and a cancelled
/// timer leaves nothing behind. Timers due at the same time fire in the order in which they were set.
/// </summary>
sealed class TimerHeap
{
    SipTimer[] heap = new SipTimer[64];
    long order;

    public int Count { get; private set; }

    public TimeSpan? Next => Count == 0 ? null : heap[0].Due;

    public void Set(SipTimer timer, TimeSpan due)
    {
        timer.Due = due;
        timer.Order = order++;
        if (!timer.IsRunning)
        {
            if (Count == heap.Length) Array.Resize(ref heap, Count * 2);
            Place(timer, Count++);
        }
        Up(timer.Index);
        Down(timer.Index);
    }

    public void Cancel(SipTimer timer)
    {
        if (!timer.IsRunning) return;
        var hole = timer.Index;
        timer.Index = -1;
        var last = heap[--Count];
        heap[Count] = null!;
        if (hole == Count) return;
        Place(last, hole);
        Up(hole);
        Down(last.Index);
    }

    /// <summary>Fires all timers that are due. Each takes itself out first, so it may set itself again for a later time.</summary>
    public void Fire(TimeSpan now)
    {
        while (Count > 0 && heap[0].Due <= now)
        {
            var timer = heap[0];
            Cancel(timer);
            timer.Fire(now);
        }
    }

    void Up(int index)
    {
        var timer = heap[index];
        while (index > 0 && Before(timer, heap[(index - 1) / 2]))
        {
            Place(heap[(index - 1) / 2], index);
            index = (index - 1) / 2;
        }
        Place(timer, index);
    }

    void Down(int index)
    {
        var timer = heap[index];
        while (true)
        {
            var child = 2 * index + 1;
            if (child >= Count) break;
            if (child + 1 < Count && Before(heap[child + 1], heap[child])) child++;
            if (!Before(heap[child], timer)) break;
            Place(heap[child], index);
            index = child;
        }
        Place(timer, index);
    }

    void Place(SipTimer timer, int index)
    {
        heap[index] = timer;
        timer.Index = index;
    }

    static bool Before(SipTimer a, SipTimer b) => a.Due != b.Due ? a.Due < b.Due : a.Order < b.Order;
}
