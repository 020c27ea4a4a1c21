using System.Collections.Immutable;
using OrleansCallback.Wallets;

namespace OrleansCallback.Calls;

/// <summary>One decision in the making: the state as it becomes and the effects in their order.</summary>
sealed class CallTurn(CallState state, DateTimeOffset now)
{
    readonly List<CallEffect> effects = [];

    public CallState State { get; set; } = state;

    public DateTimeOffset Now => now;

    public bool Ignored { get; private set; }

    public CallWriting Writing
    {
        get => State.Writing;
        set => State = State with { Writing = value };
    }

    public CallDecision Decision() => new(State, effects, Ignored);

    public void Do(CallEffect effect) => effects.Add(effect);

    public void Do(ImmutableArray<CallEffect> more) => effects.AddRange(more);

    /// <summary>To be done once what is decided now is durable.</summary>
    public void Then(CallEffect effect)
    {
        Change();
        Writing = Writing with { Then = Writing.Then.Add(effect) };
    }

    public void Ignore() => Ignored = true;

    /// <summary>What is decided now is to be stored.</summary>
    public void Change() => Writing = Writing with { Changed = true };

    public void Set(LegState leg) => State = State.With(leg);

    /// <summary>The next step as the member sees it; durable before it is visible.</summary>
    public void Event(CallStatus status)
    {
        State = AddEvent(State, new(State.LastEvent + 1, now, status));
        Change();
    }

    public static CallState AddEvent(CallState state, CallEvent step) =>
        step.Number <= CallLimits.MostEvents
            ? state with
            {
                Status = step.Status,
                LastEvent = step.Number,
                Writing = state.Writing with { Events = state.Writing.Events.Add(step) },
            }
            : throw new InvalidOperationException($"Call {state.Callback} comes to event {step.Number} in {state.Phase}.");
}
