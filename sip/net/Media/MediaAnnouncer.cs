using System.Threading.Channels;

namespace OrleansCallback.Sip.Net.Media;

/// <summary>Carries events from the media threads to their handlers, in order, so that no handler ever runs on a media thread. The queue needs
/// no bound of its own: a leg has at most four events per SDP or grant, one per clip and a bounded number of keys per listening, and a loop one
/// gap per two seconds.</summary>
sealed class MediaAnnouncer(Action<Exception>? onFailure) : IAsyncDisposable
{
    readonly Channel<Action> queue = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    Task? reader;

    public void Start() => reader = Task.Run(ReadAsync);

    public void Announce(Action announcement) => queue.Writer.TryWrite(announcement);

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        if (reader is not null) await reader.ConfigureAwait(false);
    }

    async Task ReadAsync()
    {
        await foreach (var announcement in queue.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                announcement();
            }
            catch (Exception error)
            {
                // One leg's owner must not cost the others their events.
                onFailure?.Invoke(error);
            }
        }
    }
}
