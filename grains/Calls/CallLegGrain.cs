using Orleans.Concurrency;
using Orleans.Placement;

namespace OrleansCallback.Calls;

/// <summary>The command gate of a leg. Nothing of the leg is in here: activating or deactivating this touches no call.</summary>
[OwnsTrunk, RandomPlacement, Immovable]
sealed class CallLegGrain(ICallLegs legs) : Grain, ICallLegGrain
{
    public Task<DialResult> Dial(LegAttempt attempt) =>
        attempt.Key == Key ? Task.FromResult(legs.Dial(attempt)) : throw new ArgumentException($"Attempt {attempt.Key} does not belong to leg {Key}.", nameof(attempt));

    public Task<LegCommandResult> Acknowledge(LegGrant grant, bool holdAudio, Announcement? announcement) =>
        legs.Acknowledge(Key, grant, holdAudio, announcement);

    public Task<LegCommandResult> Bridge(string otherLeg) => Task.FromResult(legs.Bridge(Key, otherLeg));

    public Task<string?> BridgeAcross(string? otherInner) => Task.FromResult(legs.BridgeAcross(Key, otherInner));

    public Task<LegCommandResult> Extend(LegGrant grant) => Task.FromResult(legs.Extend(Key, grant));

    public Task HangUp(Announcement? farewell)
    {
        legs.HangUp(Key, farewell);
        return Task.CompletedTask;
    }

    string Key => this.GetPrimaryKeyString();
}
