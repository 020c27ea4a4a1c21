using System.Globalization;

namespace OrleansCallback.Sip;

/// <summary>
/// Keeps one address registered (RFC 3261 section 10.2): registers, refreshes before the binding lapses, answers challenges and 423, tries
/// again after failures, takes the binding back. Never two REGISTERs at a time. A binding outlives failed refreshes until it lapses.
/// </summary>
sealed class RegistrationClient : IClientUser
{
    /// <summary>The most REGISTERs that one try sends because a time was too short.</summary>
    const int MaxIntervals = 3;

    /// <summary>The most servers of the registrar's name that one try goes through.</summary>
    const int MaxServers = 8;

    static readonly HeaderLine SupportsPath = new(HeaderId.Supported, "path"); // RFC 3327 section 5.1

    readonly AgentCore core;
    readonly Registration registration;
    readonly Target target;
    readonly DigestSession digest;
    readonly string callId, fromTag;
    readonly SipTimer next, lapse;
    readonly Queue<Hop> servers = new();
    DigestExchange exchange = new();
    ClientTransaction? pending;
    Hop server;
    string contact;
    TimeSpan expires, sentAt;
    IReadOnlyList<string> routes = [];
    int cseq, failures, intervals, lastCode;
    RefusedBy lastSource;
    bool locating, leaving, takesBack, over;

    public RegistrationClient(AgentCore core, Registration registration, Target target, Credentials? credentials)
    {
        (this.core, this.registration, this.target) = (core, registration, target);
        (contact, expires) = (registration.Contact, registration.Expires);
        digest = new DigestSession(credentials, core.Tokens);
        (callId, fromTag) = (core.Tokens.Next(), core.Tokens.Next());
        next = new SipTimer(Begin);
        lapse = new SipTimer(OnLapsed);
    }

    public void Start(TimeSpan now)
    {
        core.Registrations.Add(registration.Key, this);
        Begin(now);
    }

    /// <summary>Takes the binding back; a REGISTER that is under way comes to its end first (RFC 3261 section 10.2).</summary>
    public void Leave(TimeSpan now)
    {
        if (leaving) return;
        leaving = true;
        core.Heap.Cancel(next);
        if (pending is null && !locating) TakeBackOrEnd(now);
    }

    public void Forget()
    {
        over = true;
        core.Heap.Cancel(next);
        core.Heap.Cancel(lapse);
        core.Registrations.Remove(registration.Key);
    }

    public void OnResponse(ClientTransaction transaction, SipMessage response, TimeSpan now)
    {
        if (over || transaction != pending || response.StatusCode < 200) return;
        pending = null;
        if (response.StatusCode < 300) Succeed(response, now);
        else if (response.StatusCode is 401 or 407 && digest.TryTake(response, exchange)) Send(now);
        else if (response.StatusCode == 423 && TryLonger(response)) Send(now);
        else if (response.StatusCode != 503 || !TryNextServer(now))
            Fail(response.StatusCode, RefusedBy.Peer, RetryAfter.Parse(response.Header(HeaderId.RetryAfter)), now);
    }

    public void OnTimeout(ClientTransaction transaction, TimeSpan now) => OnSilence(transaction, 408, RefusedBy.Timeout, now);

    public void OnUnreachable(ClientTransaction transaction, TimeSpan now) => OnSilence(transaction, 503, RefusedBy.Transport, now);

    public void OnClientTerminated(ClientTransaction transaction, TimeSpan now)
    {
    }

    bool IsBound => lapse.IsRunning;

    /// <summary>A new try, with all servers of the registrar's before it.</summary>
    void Begin(TimeSpan now)
    {
        (exchange, intervals, locating) = (new DigestExchange(), 0, true);
        servers.Clear();
        if (core.Servers.WhenKnown(target, now, OnLocated)) return;
        locating = false;
        Fail(503, RefusedBy.Transport, null, now);
    }

    void OnLocated(TimeSpan now)
    {
        locating = false;
        if (over) return;
        if (leaving && !IsBound)
        {
            End(now);
            return;
        }

        takesBack = leaving;
        foreach (var hop in core.Servers.Hops(target, callId).Take(MaxServers)) servers.Enqueue(hop);
        if (!servers.TryDequeue(out server)) Fail(503, RefusedBy.Transport, null, now);
        else Send(now);
    }

    bool TryNextServer(TimeSpan now)
    {
        core.Servers.Rest(server, now);
        if (!servers.TryDequeue(out server)) return false;
        Send(now);
        return true;
    }

    void Send(TimeSpan now)
    {
        contact = core.Addresses.Contact(registration.Contact, server);
        var parts = new RequestParts(
            SipMethod.Register, registration.Registrar, registration.SentBy, core.Tokens.Branch(), $"<{registration.AddressOfRecord}>;tag={fromTag}",
            $"<{registration.AddressOfRecord}>", callId, ++cseq, [], server) { Product = registration.Product };
        var seconds = takesBack ? 0 : (long)expires.TotalSeconds;
        List<HeaderLine> headers =
        [
            new(HeaderId.Contact, $"<{contact}>"), new(HeaderId.Expires, seconds.ToString(CultureInfo.InvariantCulture)), Capabilities.Allow, SupportsPath,
            .. digest.Authorize(SipMethod.Register, registration.Registrar),
        ];
        sentAt = now;
        pending = new NonInviteClientTransaction(core.Layer, this, core.Requests.Compose(parts, headers), now);
    }

    void Succeed(SipMessage response, TimeSpan now)
    {
        digest.Learn(response);
        if (takesBack)
        {
            core.Heap.Cancel(lapse);
            Note(response.StatusCode, RefusedBy.Peer);
            End(now);
            return;
        }

        var granted = RegisterAnswer.Granted(response, contact, expires);
        if (granted > RegistrationSchedule.LongestExpires) granted = RegistrationSchedule.LongestExpires;
        // The time counts from when it was asked: the registrar's own count began no sooner.
        if (sentAt + granted <= now)
        {
            core.Heap.Cancel(lapse);
            Fail(response.StatusCode, RefusedBy.Peer, null, now); // accepted, and no binding kept
            return;
        }

        (failures, routes) = (0, RegisterAnswer.Routes(response));
        core.Heap.Set(lapse, sentAt + granted);
        Note(response.StatusCode, RefusedBy.Peer);
        if (leaving) TakeBackOrEnd(now);
        else Continue(RegistrationSchedule.Refresh(lapse.Due - now, Chance()), now);
    }

    void OnSilence(ClientTransaction transaction, int code, RefusedBy source, TimeSpan now)
    {
        if (over || transaction != pending) return;
        pending = null;
        if (!TryNextServer(now)) Fail(code, source, null, now);
    }

    void Fail(int code, RefusedBy source, TimeSpan? retryAfter, TimeSpan now)
    {
        Note(code, source);
        failures++;
        if (takesBack) End(now);
        else if (leaving) TakeBackOrEnd(now);
        else Continue(RegistrationSchedule.Retry(failures, code, retryAfter, Chance()), now);
    }

    void Continue(TimeSpan wait, TimeSpan now)
    {
        core.Heap.Set(next, now + wait);
        Tell(IsBound ? RegistrationState.Registered : RegistrationState.Failed, now);
    }

    /// <summary>423 Interval Too Brief: again with the registrar's least time (RFC 3261 section 10.2.8); it is kept for the refreshes.</summary>
    bool TryLonger(SipMessage response)
    {
        if (takesBack || intervals++ == MaxIntervals || RegisterAnswer.Longer(response, expires) is not { } longer) return false;
        expires = longer;
        return true;
    }

    void OnLapsed(TimeSpan now)
    {
        routes = [];
        // The refresh is still out, so that the last answer is the one that made the binding.
        if (pending is not null || locating) Note(408, RefusedBy.Timeout);
        if (!leaving) Tell(RegistrationState.Failed, now);
    }

    void TakeBackOrEnd(TimeSpan now)
    {
        if (IsBound) Begin(now);
        else End(now);
    }

    void End(TimeSpan now)
    {
        Forget();
        routes = [];
        Tell(RegistrationState.Ended, now);
    }

    void Note(int code, RefusedBy source) => (lastCode, lastSource) = (code, source);

    void Tell(RegistrationState state, TimeSpan now) => core.Raise(new RegistrationChanged(
        registration.Key, state, lastCode, lastSource, IsBound ? lapse.Due - now : TimeSpan.Zero, next.IsRunning ? next.Due - now : null, routes));

    double Chance() => core.Tokens.Number(1_001) / 1_000.0;
}
