using Microsoft.Extensions.Logging;

namespace OrleansCallback.Calls;

sealed partial class CallSessionGrain
{
    [LoggerMessage(LogLevel.Information, "Call {Callback} ended as {Outcome}, charged {Charge}.")]
    partial void LogEnded(string callback, string outcome, Money charge);

    [LoggerMessage(LogLevel.Information, "Call {Callback} goes on in {Phase}.")]
    partial void LogResumed(string callback, CallPhase phase);

    [LoggerMessage(LogLevel.Warning, "Call {Callback} is dropped from this activation: {Why}.")]
    partial void LogFenced(string callback, string why);

    [LoggerMessage(LogLevel.Error, "Call {Callback} in {Phase} came to a state that cannot be; it is read anew.")]
    partial void LogBroken(string callback, CallPhase phase, Exception error);

    [LoggerMessage(LogLevel.Warning, "A step of call {Callback} has no answer.")]
    partial void LogNotDone(string callback, Exception error);

    [LoggerMessage(LogLevel.Warning, "Leg {Leg} could not be placed on an owner of its trunk.")]
    partial void LogNotPlaced(string leg, Exception error);
}
