using System.Threading.Channels;
using OrleansCallback.Calls;

namespace OrleansCallback.Web.Callbacks;

/// <summary>One reader of a callback's events. Disposing it leaves the feed.</summary>
public sealed class CallEventReader : IDisposable
{
    /// <summary>Events that wait for a slow reader; one more and it is cut off.</summary>
    public const int LongestQueue = 64;

    readonly Channel<CallEvent> waiting = Channel.CreateBounded<CallEvent>(LongestQueue);
    readonly IReadOnlyList<CallEvent> missed;
    readonly long after;
    readonly Action<CallEventReader> leave;

    internal CallEventReader(IReadOnlyList<CallEvent> missed, long after, bool over, Action<CallEventReader> leave)
    {
        this.missed = missed;
        this.after = after;
        this.leave = leave;
        if (over)
            End();
    }

    /// <summary>What was missed, then what comes, until the final event or until the reader is cut off.</summary>
    public async IAsyncEnumerable<CallEvent> ReadAsync()
    {
        foreach (var step in missed)
            yield return step;
        await foreach (var step in waiting.Reader.ReadAllAsync())
            yield return step;
    }

    internal void Offer(CallEvent step)
    {
        if (step.Number > after && !waiting.Writer.TryWrite(step))
            End();
        else if (step.Status.IsFinal())
            End();
    }

    internal void End() => waiting.Writer.TryComplete();

    /// <inheritdoc/>
    public void Dispose()
    {
        End();
        leave(this);
    }
}
