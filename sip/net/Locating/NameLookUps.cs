using System.Collections.Concurrent;

namespace OrleansCallback.Sip.Net;

/// <summary>Look-ups under way for one loop: asked on its thread, answered to it. The user agent bounds how many there are.</summary>
sealed class NameLookUps(IServerLocator? locator, Action wake) : IDisposable
{
    readonly ConcurrentQueue<(Target Target, LocatedServers Found)> answers = new();
    readonly CancellationTokenSource stop = new();

    public bool HasAnswers => !answers.IsEmpty;

    public void Ask(Target target)
    {
        if (locator is null) Answer(target, LocatedServers.None);
        else _ = Task.Run(() => AskAsync(locator, target));
    }

    public void Take(UserAgent agent, TimeSpan now)
    {
        while (answers.TryDequeue(out var answer)) agent.Located(answer.Target, answer.Found.Servers, answer.Found.Life, now);
    }

    public void Dispose()
    {
        stop.Cancel();
        stop.Dispose();
    }

    async Task AskAsync(IServerLocator asked, Target target)
    {
        var found = LocatedServers.None;
        try
        {
            found = await asked.LocateAsync(target, stop.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The loop stops.
        }
        finally
        {
            SignallingMeter.LookedUp(found.Servers.Count);
            Answer(target, found);
        }
    }

    void Answer(Target target, LocatedServers found)
    {
        answers.Enqueue((target, found));
        wake();
    }
}
