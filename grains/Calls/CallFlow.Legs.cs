using OrleansCallback.Trunks;
using static OrleansCallback.Calls.CallInput;

namespace OrleansCallback.Calls;

/// <summary>From the first INVITE to the bridge.</summary>
public static partial class CallFlow
{
    /// <summary>Whether the news is new; what it proves is taken from it whatever the phase.</summary>
    static bool TakeNews(CallTurn turn, News news)
    {
        if (turn.State.Legs().FirstOrDefault(leg => leg.Key == news.Key) is not { } leg || news.What.Number <= leg.LastNews || leg.Ended is not null)
            return false;
        if (news.What is LegAnswered && leg.AnsweredAt is not null)
            return false;
        var durable = leg.DurableNews == leg.LastNews;
        leg = leg with { LastNews = news.What.Number };
        leg = news.What switch
        {
            // Nothing of it is stored: it need not be told again.
            LegRinging => durable ? leg with { DurableNews = leg.LastNews } : leg,
            LegAnswered answered => leg with { AnsweredAt = answered.At, Dialog = answered.Dialog },
            LegAnnounced announced => leg with { Announced = announced.End },
            LegGrantLow low => leg with { Proven = leg.Proven > low.SinceAnswer ? leg.Proven : low.SinceAnswer },
            LegEnded ended => leg with { Ended = ended, Over = true },
            _ => throw new InvalidOperationException($"Leg {leg.Key} told {news.What.GetType().Name}."),
        };
        turn.Set(leg);
        if (news.What is not LegRinging) turn.Change();
        return true;
    }

    static void HoldMember(CallTurn turn)
    {
        turn.State = turn.State with { Phase = CallPhase.HoldingMember };
        turn.Event(CallStatus.MemberAnswered);
        if (turn.State.OfferB is { } offer && !Awaits(turn.State.Prompts.ToMember, turn.State.Leg(CallLeg.A)))
        {
            ComposeAttempt(turn, CallLeg.B, offer);
            turn.Event(CallStatus.CallingMerchant);
        }

        turn.Then(AcknowledgeMember(turn));
    }

    static CallEffect.Acknowledge AcknowledgeMember(CallTurn turn) =>
        new(turn.State.Leg(CallLeg.A), GrantOf(turn, CallLeg.A), HoldAudio: true, turn.State.Prompts.ToMember);

    /// <summary>Leg A hears hold audio, and a person is there if it was asked for one. Only now is leg B rung.</summary>
    static void CallMerchant(CallTurn turn)
    {
        if (Awaits(turn.State.Prompts.ToMember, turn.State.Leg(CallLeg.A))) return;
        var leg = turn.State.Leg(CallLeg.B);
        // An attempt whose row is on its way is dialled when that is durable, whoever asks before.
        if (leg.Over || (leg.Sent is not null && leg.Stored is null))
        {
            turn.Ignore();
            return;
        }

        if (leg.Sent is null)
        {
            turn.Do(new CallEffect.FindOwner(CallLeg.B, leg.Route[0], turn.State.Leg(CallLeg.A).Silo));
            return;
        }

        turn.State = turn.State with { Phase = CallPhase.CallingMerchant };
        turn.Set(leg with { Dialled = true });
        turn.Do(new CallEffect.Dial(leg.Sent));
    }

    /// <summary>What was said to a leg is not over, or the leg has not confirmed yet.</summary>
    static bool Awaits(Announcement? announcement, LegState leg) => announcement is { IsAwaited: true } && leg.Announced is null;

    static bool IsOf(CallTurn turn, CallLeg leg, News news) => turn.State.Leg(leg).Key == news.Key;

    static void HearMember(CallTurn turn, LegAnnounced told)
    {
        if (told.End == AnnouncementEnd.NotConfirmed)
            EndAs(turn, CallStatus.Failed, CallOutcome.MemberNotConfirmed, new(null, null, EndParty.Member));
        else
            CallMerchant(turn);
    }

    static void HearMerchant(CallTurn turn, LegAnnounced told)
    {
        if (told.End == AnnouncementEnd.NotConfirmed)
            EndAs(turn, CallStatus.Failed, CallOutcome.MerchantNotConfirmed, new(null, null, EndParty.Merchant));
        else
            turn.Do(new CallEffect.Bridge(turn.State.Leg(CallLeg.A), turn.State.Leg(CallLeg.B)));
    }

    static void AcceptMerchant(CallTurn turn)
    {
        turn.State = turn.State with { Phase = CallPhase.Bridging };
        turn.Then(AcknowledgeMerchant(turn));
    }

    static CallEffect.Acknowledge AcknowledgeMerchant(CallTurn turn) =>
        new(turn.State.Leg(CallLeg.B), GrantOf(turn, CallLeg.B), HoldAudio: false, ToMerchant(turn.State));

    static Announcement? ToMerchant(CallState state) =>
        state.Prompts.ToMerchant(state.Leg(CallLeg.B).Sent is { ShowsMember: true } ? state.Asked.MemberNumber : null);

    static void Join(CallTurn turn, LegTold told)
    {
        if (told.Key == turn.State.Leg(CallLeg.B).Key && Awaits(ToMerchant(turn.State), turn.State.Leg(CallLeg.B)))
            return;
        if (told.Key == turn.State.Leg(CallLeg.B).Key)
            turn.Do(new CallEffect.Bridge(turn.State.Leg(CallLeg.A), turn.State.Leg(CallLeg.B)));
        else
            turn.Ignore();
    }

    /// <summary>Both legs are there and still could not be joined, for want of a port: tried a few times.</summary>
    static void JoinAgain(CallTurn turn)
    {
        if (turn.State.Phase != CallPhase.Bridging)
        {
            turn.Ignore();
            return;
        }

        var leg = turn.State.Leg(CallLeg.A);
        turn.Set(leg with { JoinTries = leg.JoinTries + 1 });
        if (leg.JoinTries >= CallLimits.MostTries)
            EndAs(turn, CallStatus.Failed, CallOutcome.NoCapacity, new(null, null, EndParty.System));
        else
            turn.Do(new CallEffect.Bridge(turn.State.Leg(CallLeg.A), turn.State.Leg(CallLeg.B)));
    }

    static void Bridged(CallTurn turn)
    {
        turn.State = turn.State with { Phase = CallPhase.Bridged, BridgedAt = turn.Now };
        turn.Event(CallStatus.Bridged);
    }

    /// <summary>Answers to commands that do not move the call on: a lost one is given again, a leg that is unknown must have news under way.</summary>
    static void TakeTold(CallTurn turn, LegTold told)
    {
        if (turn.State.Legs().FirstOrDefault(leg => leg.Key == told.Key) is not { Live: true } leg)
        {
            turn.Ignore();
            return;
        }

        switch (told.Result)
        {
            case LegCommandResult.Done:
                if (leg.Tries > 0) turn.Set(leg with { Tries = 0 });
                break;
            case LegCommandResult.NoSuchLeg when told.Command == LegCommand.Bridge:
                turn.Do(new CallEffect.Wake(CallWake.JoinAgain, CallLimits.JoinAgain));
                Probe(turn);
                break;
            case LegCommandResult.NoSuchLeg:
                turn.Do(AwaitNews(leg, CallLimits.MissingLeg));
                break;
            default:
                TellAgain(turn, leg, told.Command);
                break;
        }
    }

    static void TellAgain(CallTurn turn, LegState leg, LegCommand command)
    {
        if (turn.State.End is not null) return;
        if (leg.Tries >= CallLimits.MostTries)
        {
            EndAs(turn, CallStatus.Failed, CallOutcome.Internal, new(null, null, EndParty.System));
            return;
        }

        turn.Set(leg with { Tries = leg.Tries + 1 });
        turn.Do(command switch
        {
            LegCommand.Acknowledge when leg.Leg == CallLeg.A => AcknowledgeMember(turn),
            LegCommand.Acknowledge => AcknowledgeMerchant(turn),
            LegCommand.Bridge => new CallEffect.Bridge(turn.State.Leg(CallLeg.A), turn.State.Leg(CallLeg.B)),
            LegCommand.Extend => ExtendLeg(turn, leg),
            _ => throw new InvalidOperationException($"Leg {leg.Key} was told {command}."),
        });
    }
}
