using OrleansCallback.Storage;

namespace OrleansCallback.Members;

/// <summary>A login as it is stored; only one that was ended has a row.</summary>
public sealed class LoginState
{
    /// <summary>When it was ended (UTC).</summary>
    public DateTimeOffset? EndedAt { get; set; }
}

/// <summary>Remembers that a login was ended.</summary>
sealed class LoginGrain([PersistentState("login", ColdState.Storage)] IPersistentState<LoginState> state, CallClock clock) : Grain, ILoginGrain
{
    public Task End()
    {
        if (state.State.EndedAt is not null) return Task.CompletedTask;
        state.State.EndedAt = clock.Now;
        return this.Write(state);
    }

    public Task<bool> HasEnded() => Task.FromResult(state.State.EndedAt is not null);
}
