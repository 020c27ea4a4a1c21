using System.Net;
using System.Text;
using OrleansCallback.Sip;
using Xunit;

namespace OrleansCallback.Tests.Sip;

/// <summary>One user agent, a clock that is moved by hand, and the peer's side of the wire in the test's hands.</summary>
sealed class Bench
{
    public static readonly UserAgentOptions Options = new("192.0.2.1:5060") { Seed = 1, AcceptsCalls = true };

    public Bench(UserAgentOptions? options = null) => Agent = new UserAgent(options ?? Options);

    public UserAgent Agent { get; }

    public TimeSpan Now { get; private set; }

    public Receipt Send(byte[] datagram, IPEndPoint? source = null) => Agent.Receive(datagram, source ?? Wire.Peer, Now);

    /// <summary>Moves the clock from timer to timer.</summary>
    public void Pass(TimeSpan time)
    {
        var end = Now + time;
        while (Agent.NextWake is { } wake && wake <= end)
        {
            Now = wake;
            Agent.Advance(Now);
        }
        Now = end;
    }

    public void Pass(double seconds) => Pass(TimeSpan.FromSeconds(seconds));

    /// <summary>All that has been sent since the last time, parsed.</summary>
    public List<SipMessage> Sent()
    {
        var list = new List<SipMessage>();
        while (Agent.TryTransmit(out var transmit)) list.Add(Wire.Parse(transmit.Bytes.ToArray()));
        return list;
    }

    /// <summary>The one message that has been sent since the last time.</summary>
    public SipMessage SentOne() => Assert.Single(Sent());

    /// <summary>What has been sent, as "INVITE" or "200 BYE".</summary>
    public string[] SentNames() => [.. Sent().Select(m => m.IsRequest ? m.MethodName : $"{m.StatusCode} {m.MethodName}")];

    /// <summary>
    /// The responses that have been sent, as "400 INVITE", read from their text alone: a refusal echoes what could not be read, so that it cannot
    /// be parsed either.
    /// </summary>
    public string[] Refusals()
    {
        var list = new List<string>();
        while (Agent.TryTransmit(out var transmit))
        {
            var lines = Encoding.UTF8.GetString(transmit.Bytes.Span).Split("\r\n");
            Assert.StartsWith("SIP/2.0 ", lines[0], StringComparison.Ordinal);
            list.Add($"{lines[0].Split(' ')[1]} {lines.Single(l => l.StartsWith("CSeq: ", StringComparison.Ordinal)).Split(' ')[^1]}");
        }

        return [.. list];
    }

    public List<CallEvent> Events()
    {
        var list = new List<CallEvent>();
        while (Agent.TryEvent(out var e)) list.Add(e);
        return list;
    }

    public T Event<T>() where T : CallEvent => Assert.IsType<T>(Assert.Single(Events()));

    public static InviteAttempt Attempt(string id = "attempt-1") =>
        InviteAttempt.Create(id, "sip:+43111@192.0.2.1", "sip:+43222@192.0.2.2", Wire.Peer, "192.0.2.1:5060");

    /// <summary>Sends an INVITE and returns it.</summary>
    public SipMessage Invite(Credentials? credentials = null, string id = "attempt-1")
    {
        Assert.Equal(CommandResult.Done, Agent.Invite(Attempt(id), Wire.Audio().Offer(), credentials, Now));
        return SentOne();
    }

    /// <summary>An outgoing call up to its ACK.</summary>
    public (SipMessage Invite, SipMessage Ack) Establish(string headers = "Contact: <sip:phone@192.0.2.2>\n")
    {
        var invite = Invite();
        Send(Wire.Response(invite, 200, "b", headers, Wire.Sdp()));
        Event<Answered>();
        Agent.Acknowledge("attempt-1", Now);
        return (invite, SentOne());
    }

    /// <summary>After all timers nothing may be left.</summary>
    public void AssertEmpties()
    {
        Pass(70);
        Assert.Equal((0, 0, 0, 0), (Agent.Calls, Agent.Transactions, Agent.Dialogs, Agent.PendingTimers));
    }
}
