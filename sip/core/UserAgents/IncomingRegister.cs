namespace OrleansCallback.Sip;

/// <summary>
/// A phone wants to register. Answer with <see cref="UserAgent.AnswerRegister"/>; who is not answered within
/// <see cref="UserAgentOptions.RegisterLimit"/> gets 503. It is no call: no further event follows.
/// </summary>
/// <param name="CallKey">The key for the answer.</param>
/// <param name="Request">The REGISTER.</param>
/// <param name="Source">Where it came from.</param>
public sealed record IncomingRegister(string CallKey, SipMessage Request, Hop Source) : CallEvent(CallKey);

/// <summary>The REGISTERs that wait for the application's answer.</summary>
sealed class IncomingRegisters(AgentCore core)
{
    readonly Dictionary<string, (NonInviteServerTransaction Transaction, SipTimer Limit)> waiting = new(StringComparer.Ordinal);
    long last;

    public Disposition Receive(SipMessage register, Hop source, TimeSpan now)
    {
        if (waiting.Count >= core.Options.MaxWaitingRegisters) return Disposition.Overloaded;
        var key = $"register:{++last}";
        var transaction = new NonInviteServerTransaction(core.Layer, register, source);
        var limit = new SipTimer(later => Answer(key, 503, [new(HeaderId.RetryAfter, "5")], later));
        core.Heap.Set(limit, now + core.Options.RegisterLimit);
        waiting.Add(key, (transaction, limit));
        core.Raise(new IncomingRegister(key, transaction.Request, source));
        return Disposition.Taken;
    }

    public CommandResult AnswerAt(string key, int code, IReadOnlyList<HeaderLine> headers, TimeSpan at)
    {
        if (!waiting.TryGetValue(key, out var register)) return CommandResult.UnknownCall;
        core.Heap.Cancel(register.Limit);
        var due = new SipTimer(later => Answer(key, code, headers, later));
        core.Heap.Set(due, at);
        waiting[key] = (register.Transaction, due);
        return CommandResult.Done;
    }

    public CommandResult Answer(string key, int code, IReadOnlyList<HeaderLine> headers, TimeSpan now)
    {
        if (!waiting.Remove(key, out var register)) return CommandResult.UnknownCall;
        core.Heap.Cancel(register.Limit);
        var (request, source) = (register.Transaction.Request, register.Transaction.Source);
        register.Transaction.Respond(code, core.Responses.Write(request, source, code, core.Tokens.Next(), headers), now);
        return CommandResult.Done;
    }
}
