namespace OrleansCallback.Calls;

/// <summary>What the end of a leg means for its callback: the one table from SIP codes to outcomes.</summary>
public static class LegOutcomes
{
    enum Why
    {
        Busy,
        NoAnswer,
        Declined,
        Unreachable,
        Trunk,
    }

    /// <summary>How a callback ends because of this leg's end before the bridge.</summary>
    public static (CallOutcome Outcome, EndReason Reason) BeforeBridge(CallLeg leg, LegEnded ended)
    {
        var (outcome, party) = ended.End switch
        {
            LegEnd.Refused => Of(leg, WhyRefused(ended.SipCode)),
            LegEnd.NoMedia => Of(leg, Why.Unreachable),
            LegEnd.NoAnswer => Of(leg, Why.NoAnswer),
            LegEnd.TrunkFailed => Of(leg, Why.Trunk),
            LegEnd.NoCapacity => (CallOutcome.NoCapacity, EndParty.System),
            LegEnd.RemoteHungUp => leg == CallLeg.A
                ? (CallOutcome.MemberHungUp, EndParty.Member)
                : (CallOutcome.MerchantDeclined, EndParty.Merchant),
            LegEnd.GrantEnded => (CallOutcome.CreditExhausted, EndParty.Payer),
            LegEnd.HungUp or LegEnd.Failed => (CallOutcome.Internal, EndParty.System),
            _ => throw new InvalidOperationException($"Leg {leg} ended as {ended.End}."),
        };
        return (outcome, new(ended.SipCode, ended.Q850, party));
    }

    /// <summary>
    /// Whether a leg that was not answered ended by a fault of its trunk, so that another may carry it: 5xx, 408, no response, no channel. Never
    /// after a phone has rung, nor where Q.850 names the person or the number as the cause behind it.
    /// </summary>
    public static bool IsFaultOfTrunk(LegEnded ended) => !ended.Rang && ended.End switch
    {
        LegEnd.TrunkFailed or LegEnd.NoCapacity => true,
        // 480 is a person's answer unless the network says that it was congested (RFC 3398 section 8.2.6.1).
        LegEnd.Refused => ended.SipCode switch
        {
            401 or 407 => true,
            // Nobody's phone rang: a proxy in front of a gateway that is dead (RFC 3261 section 16.7, item 6). 18 is a person's phone that is off.
            408 => !IsOfCalled(ended.Q850),
            480 => IsCongestion(ended.Q850),
            >= 500 and < 600 => !IsOfCalled(ended.Q850),
            _ => false,
        },
        _ => false,
    };

    // Q.850: no circuit, network out of order, temporary failure, congestion, channel not available, resource unavailable.
    static bool IsCongestion(int? q850) => q850 is 34 or 38 or 41 or 42 or 44 or 47;

    // Q.850: unallocated number, busy, no user responding, no answer, absent, rejected, number changed, out of order, invalid number.
    static bool IsOfCalled(int? q850) => q850 is 1 or (>= 17 and <= 22) or 27 or 28;

    /// <summary>Why a bridged call ended because of this leg's end.</summary>
    public static EndReason AfterBridge(CallLeg leg, LegEnded ended) => new(ended.SipCode, ended.Q850, ended.End switch
    {
        LegEnd.RemoteHungUp => Party(leg),
        LegEnd.GrantEnded => EndParty.Payer,
        LegEnd.TrunkFailed or LegEnd.Refused or LegEnd.NoMedia => EndParty.Carrier,
        _ => EndParty.System,
    });

    /// <summary>The person at the far end of a leg.</summary>
    public static EndParty Party(CallLeg leg) => leg == CallLeg.A ? EndParty.Member : EndParty.Merchant;

    // RFC 3261 §21.3-21.6; 433 RFC 5079, 607 RFC 8197, 608 RFC 8688.
    static Why WhyRefused(int? sipCode) => sipCode switch
    {
        486 or 600 => Why.Busy,
        403 or 433 or 603 or 607 or 608 => Why.Declined,
        408 or 480 or 487 => Why.NoAnswer,
        401 or 407 or >= 500 and < 600 or null => Why.Trunk,
        >= 300 and < 500 or 604 or 606 or 416 => Why.Unreachable,
        >= 600 and < 700 => Why.Declined,
        _ => throw new InvalidOperationException($"A leg was refused with the SIP code {sipCode}."),
    };

    static (CallOutcome Outcome, EndParty Party) Of(CallLeg leg, Why why) => (leg, why) switch
    {
        (CallLeg.A, Why.Busy) => (CallOutcome.MemberBusy, EndParty.Member),
        (CallLeg.A, Why.NoAnswer) => (CallOutcome.MemberNoAnswer, EndParty.Member),
        (CallLeg.A, Why.Declined) => (CallOutcome.MemberDeclined, EndParty.Member),
        (CallLeg.A, Why.Unreachable) => (CallOutcome.MemberUnreachable, EndParty.Carrier),
        (CallLeg.B, Why.Busy) => (CallOutcome.MerchantBusy, EndParty.Merchant),
        (CallLeg.B, Why.NoAnswer) => (CallOutcome.MerchantNoAnswer, EndParty.Merchant),
        (CallLeg.B, Why.Declined) => (CallOutcome.MerchantDeclined, EndParty.Merchant),
        (CallLeg.B, Why.Unreachable) => (CallOutcome.MerchantUnreachable, EndParty.Carrier),
        (_, Why.Trunk) => (CallOutcome.TrunkUnavailable, EndParty.Carrier),
        _ => throw new InvalidOperationException($"Leg {leg} was refused: {why}."),
    };
}
