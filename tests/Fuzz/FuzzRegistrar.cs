using System.Globalization;
using System.Net;
using OrleansCallback.Sip;

namespace OrleansCallback.Fuzz;

/// <summary>The application of an agent that is a registrar with digest, and a real phone that registers with it over UDP and TCP.</summary>
sealed class FuzzRegistrar
{
    const string Domain = "phones.test", User = "bob", Password = "a phone's secret";
    static readonly IPEndPoint PhoneAddress = new(IPAddress.Parse("192.0.2.3"), 5060);

    readonly Random random;
    readonly UserAgent agent, phone;
    readonly Registrar registrar;
    int next;

    public FuzzRegistrar(Random random, UserAgent agent)
    {
        (this.random, this.agent) = (random, agent);
        phone = new UserAgent(new UserAgentOptions(PhoneAddress.ToString())
        {
            Seed = random.Next(), Addresses = [.. new[] { SipTransport.Udp, SipTransport.Tcp }.Select(t => new LocalAddress(t, new HostPort("192.0.2.3", 5060)))],
        });
        registrar = new Registrar(new RegistrarOptions(Domain) { Key = new byte[32], MaxBindings = 2, MaxAccounts = 4 });
    }

    /// <summary>The credentials that the phone gave last, to be mutated.</summary>
    public string Authorization { get; private set; } = "Digest username=\"bob\",realm=\"phones.test\",nonce=\"\",uri=\"sip:phones.test\",response=\"\"";

    /// <summary>The phone registers, refreshes or leaves.</summary>
    public void Speak(TimeSpan now)
    {
        if (random.Next(3) == 0 && next > 0) phone.Unregister($"phone-{random.Next(next)}", now);
        else
            phone.Register(
                new Registration(
                    string.Create(CultureInfo.InvariantCulture, $"phone-{next++}"), $"sip:{Domain}", $"sip:{User}@{Domain}", $"sip:{User}@{PhoneAddress}", $"{PhoneAddress}",
                    random.Next(2) == 0 ? "192.0.2.1:5060" : "192.0.2.1:5060;transport=tcp", TimeSpan.FromSeconds(random.Next(30, 300))),
                new Credentials(User, random.Next(4) == 0 ? "wrong" : Password), now);
        Flow(now);
    }

    /// <summary>What the agent sent; the phone hears what is for it.</summary>
    public void Hear(Transmit transmit, TimeSpan now)
    {
        if (!transmit.Destination.EndPoint.Address.Equals(PhoneAddress.Address) || random.Next(8) == 0) return;
        phone.Receive(transmit.Bytes.Span, new Hop(transmit.Destination.Transport, new IPEndPoint(IPAddress.Parse("192.0.2.1"), 5060)), now);
        Flow(now);
    }

    /// <summary>Answers a REGISTER at once, later, or not at all; what was said.</summary>
    public int Answer(IncomingRegister register, TimeSpan now)
    {
        var answer = registrar.Receive(register.Request, register.Source, (user, algorithm) =>
            user == User ? DigestServer.Secret(User, Domain, Password, algorithm) : null, now);
        if (answer.Verdict == DigestVerdict.Proven && answer.Account != User && answer.Code == 200)
            throw new InvalidOperationException($"'{answer.Account}' was registered by who knows {User}'s password alone.");
        if (random.Next(8) == 0) return 0;
        if (random.Next(4) == 0) agent.AnswerRegisterAt(register.CallKey, answer.Code, answer.Headers, now + TimeSpan.FromSeconds(random.Next(3)));
        else agent.AnswerRegister(register.CallKey, answer.Code, answer.Headers, now);
        return answer.Code;
    }

    /// <summary>The phone's messages reach the agent; its own clock is the agent's.</summary>
    void Flow(TimeSpan now)
    {
        phone.Advance(now);
        while (phone.TryTransmit(out var transmit))
        {
            if (SipParser.Parse(transmit.Bytes.Span).Message is { } register && register.Has(HeaderId.Authorization))
                Authorization = System.Text.Encoding.UTF8.GetString(register.Header(HeaderId.Authorization));
            agent.Receive(transmit.Bytes.Span, new Hop(transmit.Destination.Transport, PhoneAddress, Connection: transmit.Destination.IsReliable ? 5 : 0), now);
        }

        while (phone.TryEvent(out _))
        {
        }
    }
}
