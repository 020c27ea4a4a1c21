using System.Net;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Tests.Rtp;

/// <summary>
/// A few ports, carriers' parties that are called and hang up, or talk on after a lost BYE, change their address by re-INVITE, sit behind
/// translators, or send before they are asked; strangers; and time. Every leg believes every address of the carrier: the worst that a trunk's
/// media networks can be. Whatever order a seed makes of it, a leg may hear its own party alone.
/// </summary>
sealed class PortWorld(int seed)
{
    const int Steps = 1500, Ports = 3, MostLegs = 4;
    static readonly QuarantineTimes Quarantine = new(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(5));
    static readonly MediaNetwork[] Carrier = [new(IPNetwork.Parse("192.0.2.0/24"))];

    readonly Random random = new(seed);
    readonly PortClaims<Leg> claims = new();
    readonly List<Party> parties = [];
    PortRule<Leg>[] ports = [];
    TimeSpan now = TimeSpan.FromHours(1);
    ushort nextPort = 10_000;

    /// <summary>Packets that came to a leg.</summary>
    public int Heard { get; private set; }

    /// <summary>Of those the ones from another than its party.</summary>
    public List<string> Crossed { get; } = [];

    /// <summary>Legs that had to go since their party's address was another's.</summary>
    public int Moved { get; private set; }

    public int Quarantined { get; private set; }

    public void Run()
    {
        ports = [.. Enumerable.Range(0, Ports).Select(i => new PortRule<Leg>((ushort)(20_000 + (2 * i)), claims, Quarantine, MostLegs))];
        for (var step = 0; step < Steps; step++)
        {
            now += TimeSpan.FromMilliseconds(random.Next(10) == 0 ? random.Next(20_000) : random.Next(40));
            foreach (var port in ports) port.Expire(now);
            Step();
        }
    }

    void Step()
    {
        switch (random.Next(12))
        {
            case 0: Call(); break;
            case 1: With(party => party.Leg is { Described: false }, Answer); break;
            case 2: With(party => party.Leg is { Described: true }, Reinvite); break;
            case 3: With(party => party.Leg is not null && random.Next(4) == 0, HangUp); break;
            case 4: Stranger(); break;
            default: With(party => party.Talks, Talk); break;
        }
    }

    void Call()
    {
        var port = ports[random.Next(Ports)];
        if (!port.HasRoom(now)) return;
        var party = new Party { Id = parties.Count };
        Settle(party);
        var leg = new Leg(party, new SourceLatch(Carrier), port);
        leg.Seat = port.Open(leg, leg.Latch);
        party.Leg = leg;
        // Audio that is faster than the answer; of two parties at one address only their answers can tell, hence the record of each trunk.
        party.Talks = random.Next(5) == 0 && parties.TrueForAll(other => other.Source != party.Source);
        parties.Add(party);
    }

    void Answer(Party party)
    {
        party.Talks = true;
        Describe(party);
    }

    void Reinvite(Party party)
    {
        var moved = random.Next(2) == 0;
        if (moved)
        {
            // It stops where it was and goes on elsewhere; what is still on its way comes for a moment.
            party.Lingering = (party.Source, party.Ssrc, now + TimeSpan.FromMilliseconds(300));
            Settle(party);
        }

        Describe(party);
    }

    void Describe(Party party)
    {
        var leg = party.Leg!;
        leg.Described = true;
        if (leg.Port.Describe(leg.Seat, party.Described, now))
        {
            leg.Latch.Reset(party.Described, now);
            return;
        }

        // The leg goes to a port of its own, and its party with it.
        Moved++;
        leg.Latch.Forget();
        leg.Port.Close(leg.Seat, now);
        (party.Leg, party.Talks) = (null, false);
    }

    void HangUp(Party party)
    {
        party.Leg!.Port.Close(party.Leg.Seat, now);
        (party.Old, party.Leg) = (party.Leg, null);
        party.LastSaid = now;
        if (random.Next(3) != 0) party.Talks = false; // a third has not got the BYE
    }

    void Talk(Party party)
    {
        // Who has been silent for a quarantine after its end has noticed it.
        if (party.Leg is null && now - party.LastSaid >= Window(party))
        {
            party.Talks = false;
            return;
        }

        var port = (party.Leg ?? party.Old)!.Port;
        if (party.Lingering is { } old && now < old.Until && random.Next(2) == 0)
        {
            Send(port, party, old.Source, old.Ssrc);
            return;
        }

        party.LastSaid = now;
        Send(port, party, party.Source, party.Ssrc);
    }

    static TimeSpan Window(Party party) => party.Old is { Described: true } ? Quarantine.Heard : Quarantine.Unheard;

    void Stranger()
    {
        var victim = parties.LastOrDefault(party => party.Leg is not null);
        Send(ports[random.Next(Ports)], null, At(0xCB00_7100u + (uint)random.Next(256), (ushort)random.Next(1, 65_000)), victim?.Ssrc ?? 0);
    }

    void Send(PortRule<Leg> port, Party? from, MediaEndpoint source, uint ssrc)
    {
        var finding = port.Find(source, ssrc, now, out var leg);
        if (finding == PortFinding.Ended) Quarantined++;
        if (finding != PortFinding.Leg || leg!.Latch.Target is null || !leg.Latch.Accept(source, now)) return;
        port.Verify(leg.Seat, source, ssrc, now);
        Heard++;
        if (leg.Party != from) Crossed.Add($"seed {seed}: party {leg.Party.Id} was taken for {from?.Id.ToString() ?? "a stranger"} at {now}");
    }

    void With(Func<Party, bool> which, Action<Party> what)
    {
        var able = parties.Where(which).ToList();
        if (able.Count > 0) what(able[random.Next(able.Count)]);
    }

    /// <summary>The party is somewhere: behind a translator, at a gateway, or now and then where another party is or was.</summary>
    void Settle(Party party)
    {
        party.Ssrc = (uint)random.Next();
        party.Source = At(0xC000_0201u + (uint)random.Next(4), nextPort++);
        party.Described = party.Source;
        if (random.Next(3) == 0) party.Described = At(0x0A00_0001, nextPort++); // 10.0.0.1
        else if (random.Next(3) == 0 && parties.Count > 0 && parties[random.Next(parties.Count)] is { IsTruthful: true } other
            && parties.TrueForAll(any => any.Source != other.Source || any.HasAnswered))
            party.Source = party.Described = other.Source;
    }

    static MediaEndpoint At(uint address, ushort port) => MediaEndpoint.FromIPv4(address, port);

    sealed record Leg(Party Party, SourceLatch Latch, PortRule<Leg> Port)
    {
        public PortSeat<Leg> Seat { get; set; } = null!;

        public bool Described { get; set; }
    }

    sealed class Party
    {
        public required int Id { get; init; }

        public MediaEndpoint Source { get; set; }

        public uint Ssrc { get; set; }

        public bool IsTruthful => Described == Source;

        public bool HasAnswered => (Leg ?? Old) is { Described: true };

        public MediaEndpoint Described { get; set; }

        public (MediaEndpoint Source, uint Ssrc, TimeSpan Until)? Lingering { get; set; }

        public Leg? Leg { get; set; }

        public Leg? Old { get; set; }

        public bool Talks { get; set; }

        public TimeSpan LastSaid { get; set; }
    }
}
