using OrleansCallback.Merchants;
using OrleansCallback.Rates;
using OrleansCallback.Trunks;
using OrleansCallback.Wallets;

namespace OrleansCallback.Calls;

/// <summary>All that can happen to a call.</summary>
public abstract record CallInput
{
    CallInput()
    {
    }

    /// <summary>A member placed it.</summary>
    /// <param name="Request">What was asked for.</param>
    /// <param name="Merchant">The merchant that it is for.</param>
    /// <param name="RouteA">Trunks of leg A in the order in which they are tried; none: no route.</param>
    /// <param name="RouteB">Trunks of leg B; none: no route.</param>
    /// <param name="Rates">Prices; null: no rate.</param>
    /// <param name="Options">What the site chose.</param>
    /// <param name="MemberProven">The number to be rung is the member's and proven.</param>
    public sealed record Place(
        CallbackRequest Request, Merchant Merchant, IReadOnlyList<string> RouteA, IReadOnlyList<string> RouteB, RateCard? Rates, CallOptions Options,
        bool MemberProven = false) : CallInput;

    /// <summary>The time to decide on admission is over.</summary>
    public sealed record AdmissionOver : CallInput;

    /// <summary>The owner of the trunk that was asked for a leg; null: none that takes legs.</summary>
    public sealed record OwnerFound(CallLeg Leg, string Trunk, TrunkOffer? Offer) : CallInput;

    /// <summary>What the wallet says to the hold or its extension.</summary>
    public sealed record HoldAnswered(HoldResult Result) : CallInput;

    /// <summary>What became of a save or the settlement.</summary>
    public sealed record Written(WriteResult Result) : CallInput;

    /// <summary>What is stored after a write of unknown outcome.</summary>
    /// <param name="Read">False: the database is away.</param>
    /// <param name="Revision">Revision of the stored state; 0: no row.</param>
    /// <param name="Writer">The activation that wrote it.</param>
    /// <param name="Version">Version that the next write must expect.</param>
    public sealed record Reconciled(bool Read, int Revision, string Writer, long Version) : CallInput;

    /// <summary>What became of dialling; null: not known.</summary>
    public sealed record DialAnswered(string Key, DialResult? Result) : CallInput;

    /// <summary>What became of a command to a leg; null: not known.</summary>
    public sealed record LegTold(string Key, LegCommand Command, LegCommandResult? Result) : CallInput;

    /// <summary>News of a leg.</summary>
    public sealed record News(string Key, LegNews What) : CallInput;

    /// <summary>The member cancels or hangs up on the page.</summary>
    public sealed record Cancel : CallInput;

    /// <summary>A silo is dead in, or absent from, a fresh membership read.</summary>
    public sealed record SiloLost(string Silo) : CallInput;

    /// <summary>Another activation goes on from the stored state.</summary>
    public sealed record Resumed : CallInput;

    /// <summary>The hold is past its time: see whether the legs still live.</summary>
    public sealed record Swept : CallInput;

    /// <summary>The time in which a leg's next news should have come is over.</summary>
    /// <param name="Key">The leg.</param>
    /// <param name="Since">Its last news when the wait began.</param>
    public sealed record NoNews(string Key, long Since) : CallInput;

    /// <summary>A wait is over.</summary>
    public sealed record Woken(CallWake Wake) : CallInput;
}

/// <summary>Commands to a leg whose answer the flow waits for.</summary>
public enum LegCommand
{
    /// <summary>ACK.</summary>
    Acknowledge,
    /// <summary>Join with the other leg.</summary>
    Bridge,
    /// <summary>Lengthen the grant.</summary>
    Extend,
}

/// <summary>What a wait was for.</summary>
public enum CallWake
{
    /// <summary>Look into a write of unknown outcome.</summary>
    Retry,
    /// <summary>Tell legs again to hang up.</summary>
    HangUpAgain,
    /// <summary>Ask again for money that was refused during the call.</summary>
    Renew,
    /// <summary>Join again two legs that could not be joined.</summary>
    JoinAgain,
}
