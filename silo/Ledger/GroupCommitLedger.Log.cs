using Microsoft.Extensions.Logging;

namespace OrleansCallback.Silo.Ledger;

sealed partial class GroupCommitLedger
{
    [LoggerMessage(LogLevel.Warning, "A batch of {Writes} writes breaks a constraint and is halved: {Reason}")]
    static partial void LogBisected(ILogger logger, int writes, string reason);

    [LoggerMessage(LogLevel.Warning, "A batch of {Writes} writes was rolled back and is tried again.")]
    static partial void LogNotApplied(ILogger logger, Exception error, int writes);

    [LoggerMessage(LogLevel.Warning, "The ledger's connection was lost with {Writes} writes on their way; their outcome is being asked for.")]
    static partial void LogLost(ILogger logger, Exception error, int writes);

    [LoggerMessage(LogLevel.Error, "The ledger's writer failed on a batch of {Writes} writes.")]
    static partial void LogFailed(ILogger logger, Exception error, int writes);

    [LoggerMessage(LogLevel.Error, "The ledger's database is away; writes are rejected until it answers.")]
    static partial void LogAway(ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Information, "The ledger's database answers again.")]
    static partial void LogBack(ILogger logger);
}
