using OrleansCallback.Storage;

namespace OrleansCallback.Members;

/// <summary>
/// A member's account. Failures in a row are counted in memory: an activation that moves forgives them, and nobody can fill the storage by
/// guessing accounts.
/// </summary>
sealed class MemberGrain([PersistentState("member", ColdState.Storage)] IPersistentState<MemberState> state, CallClock clock) : Grain, IMemberGrain
{
    /// <summary>Argon2id takes 19 MB and a core while it runs: at most so many at once on a silo.</summary>
    static readonly SemaphoreSlim Hashing = new(Math.Max(1, Environment.ProcessorCount / 2));

    int failures;
    DateTimeOffset lastFailure;

    public async Task<LogInResult> LogIn(string password)
    {
        var wait = lastFailure + LogInPolicy.WaitAfter(failures) - clock.Now;
        if (failures >= LogInPolicy.FreeFailures && wait > TimeSpan.Zero) return new(LogInKind.TooManyFailures, wait);

        var stored = state.State.Password.Length > 0 ? state.State.Password : PasswordHash.NoAccount;
        if (await OffScheduler(() => PasswordHash.Verify(password, stored)) && state.RecordExists)
        {
            failures = 0;
            return new(LogInKind.Accepted, Profile: Described());
        }

        failures++;
        lastFailure = clock.Now;
        return new(LogInKind.Refused);
    }

    public Task<MemberProfile?> Profile() => Task.FromResult(state.RecordExists ? Described() : null);

    public async Task Register(MemberRegistration registration)
    {
        var member = state.State;
        member.Account = registration.Account;
        member.Name = registration.Name;
        member.NumberProven = registration.NumberProven ?? (member.NumberProven && member.Number == registration.Number.E164);
        member.Number = registration.Number.E164;
        member.Roles = registration.Roles is { } roles ? [.. roles] : member.Roles.Count > 0 ? member.Roles : ["member"];
        if (registration.Password is { } password) member.Password = await OffScheduler(() => PasswordHash.Create(password));
        await this.Write(state);
    }

    public async Task<bool> RingTerminal(bool terminal)
    {
        if (!state.RecordExists) return false;
        state.State.RingsTerminal = terminal;
        await this.Write(state);
        return true;
    }

    MemberProfile? Described() => new(
        state.State.Account, state.State.Name, PhoneNumber.FromE164(state.State.Number), state.State.Roles, state.State.NumberProven,
        state.State.RingsTerminal);

    static async Task<T> OffScheduler<T>(Func<T> work)
    {
        await Hashing.WaitAsync();
        try
        {
            return await Task.Run(work);
        }
        finally
        {
            Hashing.Release();
        }
    }
}
