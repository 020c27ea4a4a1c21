using System.Globalization;
using System.Net;
using OrleansCallback.Load.Processes;
using OrleansCallback.Tests.Kamailio;
using OrleansCallback.Tests.Processes;
using OrleansCallback.Tests.Sipp;
using OrleansCallback.Tests.Wire;

namespace OrleansCallback.Tests.Calls;

/// <summary>A callback whose both legs go through Kamailio, over UDP and over TCP, which challenges each request and stays in the path.</summary>
public sealed class ChallengingProxyTests(PostgresServer server)
{
    const uint Mark = 0xCA11_0001;
    const int Frames = 25;
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_callback_with_audio_goes_through_a_proxy_that_challenges_and_records_its_route()
    {
        IPEndPoint memberPhone = FreePorts.Udp("127.0.0.2"), merchantPhone = FreePorts.Udp("127.0.0.3"), proxy = new(IPAddress.Parse("127.0.0.6"), FreePorts.Tcp());
        await using var kamailio = await KamailioChallenger.StartAsync(proxy, memberPhone, merchantPhone);
        WireWitness.Expect(proxy, least: 10); // two legs, each INVITE twice, ACK, BYE twice
        var settings = new Dictionary<string, string> { ["Sip__Port"] = FreePorts.Udp("127.0.0.1").Port.ToString(CultureInfo.InvariantCulture) };
        foreach (var (trunk, transport) in (ReadOnlySpan<(string, string)>)[(CallSite.MemberTrunk, "udp"), (CallSite.MerchantTrunk, "tcp")])
        {
            settings[$"Trunks__{trunk}__Address"] = $"{proxy}";
            settings[$"Trunks__{trunk}__Transport"] = transport;
            settings[$"Trunks__{trunk}__Username"] = KamailioChallenger.User;
            settings[$"Trunks__{trunk}__Password"] = KamailioChallenger.Password;
        }

        await using var site = await CallSite.StartAsync(await server.CreateDatabaseAsync(), settings);
        await using var audio = new MarkedAudio("127.0.0.2", Mark);
        await using var member = await SippPhone.StartAsync(memberPhone, PhoneScript.Answers with { Audio = audio.Address });
        await using var merchant = await SippPhone.StartAsync(merchantPhone, PhoneScript.Answers);
        using var client = await site.MemberAsync(Scene.Plenty);
        var placed = await client.PlaceAsync("member-pays");
        Assert.True(placed.Code == HttpStatusCode.Accepted, $"{placed.Body}");
        var now = await client.ReachesAsync(placed.Id, "bridged", Soon);
        Assert.True(now.Status == "bridged", $"{now.Body}\n{kamailio.Log}\n{member.Describe()}\n{merchant.Describe()}");
        await audio.PlayAsync(member.Received("INVITE").Single().AudioAddress, Frames);
        await Waiting.UntilAsync("every frame to come back", Soon, () => audio.FramesOf(Mark) == Frames, () => $"{audio.FramesOf(Mark)} of {Frames}");
        await client.CancelAsync(placed.Id);
        var end = await client.EndsAsync(placed.Id);
        Assert.True(end is { Status: "completed", Outcome: "bridged" }, $"{end.Body}\n{kamailio.Log}");
        await member.FinishAsync();
        await merchant.FinishAsync();
        await site.IsSettledAsync(placed.Id);

        foreach (var transport in (string[])["udp", "tcp"])
        {
            Assert.True(kamailio.Lines($"challenges INVITE over {transport}") == 1, kamailio.Log);
            Assert.True(kamailio.Lines($"lets pass INVITE over {transport}") == 1, kamailio.Log);
            Assert.True(kamailio.Lines($"lets pass BYE over {transport}") >= 1, kamailio.Log);
        }

        Assert.Contains(";lr", member.Received("INVITE").Single().Header("Record-Route"), StringComparison.Ordinal);
        Assert.Equal("", member.Received("BYE").Single().Header("Proxy-Authorization"));
    }
}
