using System.Buffers;
using System.Net.Sockets;
using System.Threading.Channels;

namespace OrleansCallback.Sip.Net;

/// <summary>What a connection tells the loop. The loop hands the buffer of <see cref="Bytes"/> back by <see cref="StreamConnection.Consumed"/>.</summary>
readonly record struct StreamNews(StreamConnection Connection, StreamNewsKind Kind, int Bytes = 0, StreamEnd End = default, Exception? Cause = null);

enum StreamNewsKind
{
    Open,
    Bytes,
    Ended,
}

/// <summary>
/// One connection. Its own tasks read and write; all else about it belongs to the signalling loop. It has at most one piece of bytes on its
/// way to the loop, so that a peer which sends faster than the loop reads is held back by TCP and not by memory.
/// </summary>
sealed class StreamConnection : IDisposable
{
    const int NotEnded = -1;

    readonly StreamLimits limits;
    readonly Action<StreamNews> tell;
    readonly Channel<Transmit> unsent = Channel.CreateUnbounded<Transmit>(new() { SingleReader = true });
    readonly List<Transmit> unsentAfterEnd = [];
    readonly SemaphoreSlim consumed = new(0, 1);
    readonly CancellationTokenSource stop = new();
    byte[] piece = [];
    Transmit? sending;
    int unsentBytes;
    int ended = NotEnded;

    public StreamConnection(long id, Hop peer, bool isAccepted, StreamLimits limits, Action<StreamNews> tell)
    {
        (Id, IsAccepted, this.limits, this.tell) = (id, isAccepted, limits, tell);
        Peer = peer;
        Source = peer with { Connection = id };
    }

    public long Id { get; }

    /// <summary>Who is at the other end; its server name is verified when we opened a TLS connection.</summary>
    public Hop Peer { get; }

    /// <summary>What messages from here come from.</summary>
    public Hop Source { get; }

    public bool IsAccepted { get; }

    /// <summary>Of the loop alone.</summary>
    public StreamFramer Framer { get; } = new();

    /// <summary>Of the loop alone: since when it is open; null before.</summary>
    public TimeSpan? OpenSince { get; set; }

    /// <summary>Of the loop alone: when something was last said in either direction.</summary>
    public TimeSpan LastUse { get; set; }

    /// <summary>Of the loop alone: since when the rest of a message, or the first one, is waited for; null while nothing is.</summary>
    public TimeSpan? WaitsSince { get; set; }

    /// <summary>Of the loop alone: no more is read, and it ends when what waits has been sent.</summary>
    public bool IsFinishing { get; set; }

    /// <summary>The piece that is on its way to the loop.</summary>
    public ReadOnlySpan<byte> Piece(int length) => piece.AsSpan(0, length);

    /// <summary>The loop is done with the piece.</summary>
    public void Consumed()
    {
        ArrayPool<byte>.Shared.Return(piece);
        piece = [];
        consumed.Release();
    }

    /// <summary>Sends after what waits already; false when the peer leaves too much unread.</summary>
    public bool TrySend(Transmit message)
    {
        if (Interlocked.Add(ref unsentBytes, message.Bytes.Length) > limits.MaxUnsentBytes) return false;
        if (!unsent.Writer.TryWrite(message)) unsentAfterEnd.Add(message);
        return true;
    }

    /// <summary>Of the loop alone, after the end: what was not handed to the operating system.</summary>
    public IEnumerable<Transmit> TakeUnsent()
    {
        if (sending is { } failed) yield return failed;
        while (unsent.Reader.TryRead(out var message)) yield return message;
        foreach (var message in unsentAfterEnd) yield return message;
    }

    /// <summary>Ends the connection when what waits has been sent.</summary>
    public void Finish() => unsent.Writer.TryComplete();

    /// <summary>Ends the connection now; from any thread.</summary>
    public void End(StreamEnd why)
    {
        if (Interlocked.CompareExchange(ref ended, (int)why, NotEnded) != NotEnded) return;
        unsent.Writer.TryComplete();
        stop.Cancel();
    }

    /// <summary>Makes the stream, then reads and writes until the end.</summary>
    /// <param name="connect">Connects and hands shakes; throws <see cref="StreamFailure"/> with the reason if it cannot.</param>
    public async Task RunAsync(Func<CancellationToken, Task<Stream>> connect)
    {
        Exception? cause = null;
        var writing = Task.CompletedTask;
        try
        {
            await using var stream = await connect(stop.Token).ConfigureAwait(false);
            tell(new(this, StreamNewsKind.Open));
            writing = WriteAsync(stream);
            await ReadAsync(stream).ConfigureAwait(false);
        }
        catch (StreamFailure failure)
        {
            End(failure.Why);
            cause = failure.InnerException;
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // It ended by the peer, or by us while something waited.
        }
        finally
        {
            End(StreamEnd.ByPeer);
            await writing.ConfigureAwait(false);
            tell(new(this, StreamNewsKind.Ended, End: (StreamEnd)ended, Cause: cause));
        }
    }

    public void Dispose()
    {
        stop.Dispose();
        consumed.Dispose();
    }

    async Task ReadAsync(Stream stream)
    {
        while (true)
        {
            // A silent connection holds no buffer: the read of nothing completes when something is there.
            await stream.ReadAsync(Memory<byte>.Empty, stop.Token).ConfigureAwait(false);
            var buffer = ArrayPool<byte>.Shared.Rent(limits.PieceBytes);
            var length = await stream.ReadAsync(buffer.AsMemory(0, limits.PieceBytes), stop.Token).ConfigureAwait(false);
            if (length == 0)
            {
                ArrayPool<byte>.Shared.Return(buffer);
                return;
            }
            piece = buffer;
            tell(new(this, StreamNewsKind.Bytes, length));
            await consumed.WaitAsync(stop.Token).ConfigureAwait(false);
        }
    }

    async Task WriteAsync(Stream stream)
    {
        try
        {
            await foreach (var message in unsent.Reader.ReadAllAsync(stop.Token).ConfigureAwait(false))
            {
                sending = message;
                await stream.WriteAsync(message.Bytes, stop.Token).ConfigureAwait(false);
                sending = null;
                Interlocked.Add(ref unsentBytes, -message.Bytes.Length);
            }
            End(StreamEnd.Frame); // finished after a fault of the peer's
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            End(StreamEnd.ByPeer);
        }
    }
}

/// <summary>A connection could not be made.</summary>
sealed class StreamFailure(StreamEnd why, Exception? cause = null) : Exception($"{why}", cause)
{
    public StreamEnd Why => why;
}
