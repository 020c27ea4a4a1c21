using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using OrleansCallback.Load.Processes;
using OrleansCallback.Sip;
using OrleansCallback.Sip.Net;
using OrleansCallback.Tests.Sipp;
using Xunit;

namespace OrleansCallback.Tests.Sip;

/// <summary>RFC 3263 against a name server on the wire, with SIPp behind the addresses.</summary>
public sealed class LocatingTests
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    static DnsServerLocator Locator(TestDns dns, params SipTransport[] spoken) =>
        new([dns.Address], spoken.Length > 0 ? spoken : [SipTransport.Udp, SipTransport.Tcp], [AddressFamily.InterNetwork]);

    static async Task<string[]> FindAsync(TestDns dns, string target, params SipTransport[] spoken)
    {
        Assert.True(Target.TryParse(target, out var parsed));
        var found = await Locator(dns, spoken).LocateAsync(parsed, TestContext.Current.CancellationToken);
        return [.. found.Servers.OrderBy(s => s.Priority).Select(s => $"{s.Transport} {s.EndPoint}")];
    }

    [Fact]
    public async Task NAPTR_chooses_the_transport_among_those_that_we_speak()
    {
        await using var dns = new TestDns()
            .Naptr("a.test", 10, 10, "SIPS+D2T", "_sips._tcp.a.test").Naptr("a.test", 20, 10, "SIP+D2T", "_sip._tcp.other.test")
            .Naptr("a.test", 30, 10, "SIP+D2U", "_sip._udp.a.test")
            .Service("_sip._tcp.other.test", 1, 0, 5070, "one.test").Service("_sip._udp.a.test", 1, 0, 5080, "two.test")
            .Service("_sips._tcp.a.test", 1, 0, 5061, "one.test").Host("one.test", "192.0.2.1").Host("two.test", "192.0.2.2");
        Assert.Equal(["Tcp 192.0.2.1:5070", "Udp 192.0.2.2:5080"], await FindAsync(dns, "a.test"));
        Assert.Equal(["Udp 192.0.2.2:5080"], await FindAsync(dns, "a.test", SipTransport.Udp));
        Assert.Equal(["Tls 192.0.2.1:5061"], await FindAsync(dns, "sips:a.test", SipTransport.Udp, SipTransport.Tls));
        Assert.Equal(["Udp 192.0.2.2:5080"], await FindAsync(dns, "a.test;transport=udp"));
    }

    [Fact]
    public async Task Several_NAPTR_records_of_one_transport_are_all_followed()
    {
        await using var dns = new TestDns()
            .Naptr("n.test", 20, 10, "SIP+D2U", "_sip._udp.second.test").Naptr("n.test", 10, 10, "SIP+D2U", "_sip._udp.first.test")
            .Naptr("n.test", 30, 1, "SIP+D2U", "_sip._udp.first.test")
            .Service("_sip._udp.first.test", 1, 0, 5060, "one.test").Service("_sip._udp.second.test", 1, 0, 5060, "two.test")
            .Host("one.test", "192.0.2.1").Host("two.test", "192.0.2.2");
        Assert.Equal(["Udp 192.0.2.1:5060", "Udp 192.0.2.2:5060"], await FindAsync(dns, "n.test"));
    }

    [Fact]
    public async Task A_port_asks_for_addresses_alone_and_a_name_without_records_has_no_servers()
    {
        await using var dns = new TestDns().Host("b.test", "192.0.2.1").Host("b.test", "192.0.2.2").Service("_sip._udp.b.test", 1, 0, 5099, "b.test");
        Assert.Equal(["Tcp 192.0.2.1:5070", "Tcp 192.0.2.2:5070"], await FindAsync(dns, "b.test:5070;transport=tcp"));
        Assert.Equal(["A b.test"], dns.Asked);
        Assert.Empty(await FindAsync(dns, "unknown.test"));
    }

    [Fact]
    public async Task Without_NAPTR_and_SRV_the_address_is_called_on_the_port_of_the_transport()
    {
        await using var dns = new TestDns().Host("c.test", "192.0.2.3");
        Assert.Equal(["Udp 192.0.2.3:5060"], await FindAsync(dns, "c.test"));
        Assert.Equal(["Tls 192.0.2.3:5061"], await FindAsync(dns, "c.test;transport=tls", SipTransport.Tls));
        Assert.Contains("NAPTR c.test", dns.Asked);
        Assert.Contains("SRV _sip._tcp.c.test", dns.Asked);
    }

    [Fact]
    public async Task The_shortest_life_of_all_records_counts()
    {
        await using var dns = new TestDns().Service("_sip._udp.d.test", 1, 0, 5060, "e.test", life: 300).Host("e.test", "192.0.2.3", life: 17);
        Assert.True(Target.TryParse("d.test;transport=udp", out var target));
        var found = await Locator(dns).LocateAsync(target, TestContext.Current.CancellationToken);
        Assert.Equal(TimeSpan.FromSeconds(17), found.Life);
    }

    [Fact]
    public async Task A_call_to_a_name_passes_the_server_that_is_dead_and_is_answered_by_the_next()
    {
        await using var phone = await SippPhone.StartAsync(FreePorts.Udp("127.0.0.2"), PhoneScript.Answers with { Ring = TimeSpan.FromMilliseconds(50) });
        var (refusing, silent) = (FreePorts.Tcp(), FreePorts.Udp("127.0.0.1"));
        using var mute = new UdpClient(silent);
        await using var dns = new TestDns()
            .Naptr("carrier.test", 1, 1, "SIP+D2T", "_sip._tcp.carrier.test").Naptr("carrier.test", 2, 1, "SIP+D2U", "_sip._udp.carrier.test")
            .Service("_sip._tcp.carrier.test", 1, 0, refusing, "one.test")
            .Service("_sip._udp.carrier.test", 1, 0, silent.Port, "one.test").Service("_sip._udp.carrier.test", 2, 0, phone.Address.Port, "two.test")
            .Host("one.test", "127.0.0.1").Host("two.test", "127.0.0.2");
        var events = new BlockingCollection<CallEvent>();
        using var caller = new SignallingLoop(new SignallingOptions(new IPEndPoint(IPAddress.Loopback, 0))
        {
            Transports = [SipTransport.Udp, SipTransport.Tcp],
            Locator = Locator(dns),
            Agent = sentBy => new UserAgentOptions(sentBy) { NextServerAfter = TimeSpan.FromMilliseconds(300) },
        }, events.Add);
        caller.Start();
        var attempt = InviteAttempt.Create("one", $"sip:a@{caller.SentBy}", "sip:b@carrier.test", caller.LocalEndPoint, caller.SentBy) with { Target = "carrier.test" };
        Assert.True(caller.TryInvite(attempt, new LocalAudio(new IPEndPoint(IPAddress.Loopback, 30_000), 1).Offer(), null));
        await SeeAsync<Answered>(events);
        caller.TryAcknowledge("one");
        caller.TryHangUp("one", HangUpReason.Normal);
        await SeeAsync<Ended>(events);
        await phone.FinishAsync();
        var invite = Assert.Single(phone.Received("INVITE"));
        Assert.Equal("3 INVITE", invite.Header("CSeq")); // the third try, with a branch of its own
        var first = await mute.ReceiveAsync(TestContext.Current.CancellationToken);
        Assert.NotEqual(Wire(first.Buffer).TopVia!.Branch, Via(invite.Header("Via")!).Branch);
    }

    [Fact]
    public async Task A_Contact_with_a_name_gets_its_ACK_and_BYE()
    {
        var contact = FreePorts.Udp("127.0.0.3");
        using var phone = new UdpClient(FreePorts.Udp("127.0.0.2"));
        using var elsewhere = new UdpClient(contact);
        await using var dns = new TestDns().Host("desk.test", "127.0.0.3");
        var events = new BlockingCollection<CallEvent>();
        using var caller = new SignallingLoop(new SignallingOptions(new IPEndPoint(IPAddress.Loopback, 0)) { Locator = Locator(dns) }, events.Add);
        caller.Start();
        var attempt = InviteAttempt.Create("one", $"sip:a@{caller.SentBy}", "sip:b@127.0.0.2", (IPEndPoint)phone.Client.LocalEndPoint!, caller.SentBy);
        caller.TryInvite(attempt, new LocalAudio(new IPEndPoint(IPAddress.Loopback, 30_000), 1).Offer(), null);
        var invite = await phone.ReceiveAsync(TestContext.Current.CancellationToken);
        await phone.SendAsync(Answer(Wire(invite.Buffer), $"<sip:b@desk.test:{contact.Port}>"), invite.RemoteEndPoint, TestContext.Current.CancellationToken);
        await SeeAsync<Answered>(events);
        caller.TryAcknowledge("one");
        caller.TryHangUp("one", HangUpReason.Normal);
        foreach (var method in (SipMethod[])[SipMethod.Ack, SipMethod.Bye])
            Assert.Equal(method, Wire((await elsewhere.ReceiveAsync(TestContext.Current.CancellationToken)).Buffer).Method);
    }

    static byte[] Answer(SipMessage invite, string contact)
    {
        string Text(HeaderId id) => System.Text.Encoding.UTF8.GetString(invite.Header(id));
        var sdp = System.Text.Encoding.UTF8.GetString(new LocalAudio(new IPEndPoint(IPAddress.Loopback, 30_002), 1).Offer());
        return System.Text.Encoding.UTF8.GetBytes(
            $"SIP/2.0 200 OK\r\nVia: {Text(HeaderId.Via)}\r\nFrom: {Text(HeaderId.From)}\r\nTo: {Text(HeaderId.To)};tag=t\r\nCall-ID: {invite.CallId}\r\n"
            + $"CSeq: {Text(HeaderId.CSeq)}\r\nContact: {contact}\r\nContent-Type: application/sdp\r\nContent-Length: {sdp.Length}\r\n\r\n{sdp}");
    }

    static SipMessage Wire(byte[] bytes) => SipParser.Parse(bytes).Message!;

    static Via Via(string text) => OrleansCallback.Sip.Via.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out var via) ? via : throw new FormatException(text);

    static Task SeeAsync<T>(BlockingCollection<CallEvent> events) where T : CallEvent => Task.Run(() =>
    {
        while (events.TryTake(out var e, Limit))
        {
            if (e is T) return;
            Assert.False(e is TerminalEvent, $"{e}");
        }
        throw new TimeoutException($"no {typeof(T).Name}");
    });
}
