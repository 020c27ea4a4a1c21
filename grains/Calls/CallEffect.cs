using OrleansCallback.Wallets;

namespace OrleansCallback.Calls;

/// <summary>What the flow wants done. Each is one call of at most <see cref="CallLimits.Step"/>; its result comes back as an input.</summary>
public abstract record CallEffect
{
    CallEffect()
    {
    }

    /// <summary>Ask a trunk for an owner that takes new legs; not the one that has just had no channel left.</summary>
    public sealed record FindOwner(CallLeg Leg, string Trunk, string? PreferredSilo, string? FullSilo = null) : CallEffect;

    /// <summary>Write; holds and extensions go through the wallet.</summary>
    public sealed record Write(CallWriteInFlight What) : CallEffect;

    /// <summary>Read what is stored of this call, fencing what may still be under way.</summary>
    public sealed record Reconcile : CallEffect;

    /// <summary>Send the INVITE of a durable attempt.</summary>
    public sealed record Dial(LegAttempt Attempt) : CallEffect;

    /// <summary>Send the ACK of a durable answer.</summary>
    public sealed record Acknowledge(LegState Leg, LegGrant Grant, bool HoldAudio, Announcement? Announcement) : CallEffect;

    /// <summary>Join the legs.</summary>
    public sealed record Bridge(LegState A, LegState B) : CallEffect;

    /// <summary>Lengthen a leg's grant; with the grant that it has, see whether its silo knows the leg.</summary>
    public sealed record ExtendLeg(LegState Leg, LegGrant Grant) : CallEffect;

    /// <summary>End a leg in whatever state it is; after the farewell, if there is one.</summary>
    public sealed record HangUp(LegState Leg, Announcement? Farewell) : CallEffect;

    /// <summary>Tell the wallet of a hold that was resolved past it.</summary>
    public sealed record TellWallet(string Wallet, HoldResolved Resolved) : CallEffect;

    /// <summary>Wake the flow.</summary>
    public sealed record Wake(CallWake For, TimeSpan After) : CallEffect;

    /// <summary>See whether a leg that may be unknown to its silo tells anything more.</summary>
    public sealed record AwaitNews(string Key, long Since, TimeSpan After) : CallEffect;

    /// <summary>Another activation has the call: drop the memory.</summary>
    public sealed record Stop(string Why) : CallEffect;
}
