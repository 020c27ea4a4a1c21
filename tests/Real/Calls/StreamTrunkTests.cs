using OrleansCallback.Load.Processes;
using OrleansCallback.Sip;
using OrleansCallback.Tests.Kamailio;
using OrleansCallback.Tests.Processes;
using OrleansCallback.Tests.Sip;
using OrleansCallback.Tests.Sipp;
using System.Globalization;
using System.Net;

namespace OrleansCallback.Tests.Calls;

/// <summary>
/// A whole callback whose member is behind a TCP trunk over IPv6, audio too, and whose merchant is behind a TLS trunk of Kamailio's over IPv4.
/// </summary>
public sealed class StreamTrunkTests(PostgresServer server)
{
    const uint Mark = 0x6A04_0001;
    const int Frames = 25;
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_callback_goes_over_TCP_to_one_phone_and_over_TLS_to_the_other()
    {
        using var certificates = new TestCertificates();
        var merchantPhone = FreePorts.Udp("127.0.0.3");
        await using var kamailio = await KamailioProxy.StartAsync(IPAddress.Parse("127.0.0.5"), merchantPhone, certificates.For("edge.test"), certificates.Root);
        await using var dns = new TestDns().Service("_sips._tcp.edge.test", 1, 1, kamailio.Tls.Port, "edge-1.test").Host("edge-1.test", "127.0.0.5").Host("phones.test", "::1");
        var (certificate, key) = certificates.For("silo.test");
        var (sip, memberPhone) = (FreePorts.Udp("127.0.0.1"), FreePorts.Udp("::1"));
        await using var site = await CallSite.StartAsync(await server.CreateDatabaseAsync(), new Dictionary<string, string>
        {
            ["Sip__Address"] = "::",
            ["Sip__AdvertisedAddress"] = "127.0.0.1,::1",
            ["Media__Address"] = "127.0.0.1,::1",
            ["Sip__Transports"] = "udp,tcp,tls",
            ["Sip__Port"] = sip.Port.ToString(CultureInfo.InvariantCulture),
            ["Sip__Certificate"] = certificate,
            ["Sip__CertificateKey"] = key,
            ["Sip__TrustedCertificates"] = certificates.Root,
            ["Sip__RequireClientCertificate"] = "true",
            ["Sip__DnsServers"] = dns.Address.ToString(),
            [$"Trunks__{CallSite.MemberTrunk}__Transport"] = "tcp",
            [$"Trunks__{CallSite.MemberTrunk}__Address"] = $"phones.test:{memberPhone.Port}",
            [$"Trunks__{CallSite.MerchantTrunk}__Transport"] = "tls",
            [$"Trunks__{CallSite.MerchantTrunk}__Address"] = "edge.test",
        });
        await using var audio = new MarkedAudio("::1", Mark);
        await using var member = await SippPhone.StartAsync(memberPhone, PhoneScript.Answers with { Audio = audio.Address }, SipTransport.Tcp);
        await using var merchant = await SippPhone.StartAsync(merchantPhone, PhoneScript.Answers);
        using var client = await site.MemberAsync(Scene.Plenty);
        var placed = await client.PlaceAsync("member-pays");
        Assert.True(placed.Code == HttpStatusCode.Accepted, $"{placed.Body}");
        try
        {
            await client.ReachesAsync(placed.Id, "bridged", Soon);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}\n{string.Join('\n', site.Silos[0].Program.Output.Split('\n').TakeLast(20))}\n{kamailio.Log}");
        }
        var offer = member.Received("INVITE").Single();
        Assert.Equal(IPAddress.IPv6Loopback, offer.AudioAddress.Address);
        await audio.PlayAsync(offer.AudioAddress, Frames);
        await Waiting.UntilAsync("every frame to come back from IPv4", Soon, () => audio.FramesOf(Mark) == Frames, () => $"{audio.FramesOf(Mark)} of {Frames}");
        await client.CancelAsync(placed.Id);
        var end = await client.EndsAsync(placed.Id);
        Assert.True(end.Outcome == "bridged", $"{end.Body}\nmember:\n{member.Describe()}\nmerchant:\n{merchant.Describe()}\n{kamailio.Log}");
        await member.FinishAsync();
        await merchant.FinishAsync();
        await site.IsSettledAsync(placed.Id);
        Assert.StartsWith($"SIP/2.0/TCP [::1]:{sip.Port}", offer.Header("Via"), StringComparison.Ordinal);
        Assert.Contains("INVITE over tls", kamailio.Log, StringComparison.Ordinal);
        Assert.Contains("BYE over tls", kamailio.Log, StringComparison.Ordinal); // by the recorded route
        Assert.True(await Metrics.SumAsync(site.Silos[0].Http, "sip_connections_opened_total") >= 2);
    }

    [Fact]
    public async Task A_silo_with_a_TLS_trunk_and_no_certificate_says_what_to_write()
    {
        var plan = new SiloPlan
        {
            Database = "Host=127.0.0.1;Database=unused",
            Trunks = new Dictionary<string, TrunkPlan> { ["edge"] = new(FreePorts.Udp("127.0.0.2"), "+", 0) },
            More = new Dictionary<string, string> { ["Trunks__edge__Transport"] = "tls", ["Sip__Transports"] = "udp,tls", ["Sip__Certificate"] = "" },
        };
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => SiloProcess.StartAsync(plan));
        Assert.Contains("Sip:Certificate and Sip:CertificateKey", refused.Message, StringComparison.Ordinal);
    }
}
