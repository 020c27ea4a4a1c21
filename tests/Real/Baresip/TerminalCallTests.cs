using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using OrleansCallback.Load.Processes;
using OrleansCallback.Tests.Calls;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Baresip;

/// <summary>VoIP terminals of a member and a merchant: baresip, registered over UDP and TCP, called back with audio both ways.</summary>
public sealed partial class TerminalCallTests(PostgresServer server)
{
    const string Domain = "phones.test";
    const int MemberTone = 440, MerchantTone = 1_000;
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_callback_rings_registered_phones_and_each_hears_the_other()
    {
        var sip = FreePorts.Udp("127.0.0.1");
        await using var site = await StartAsync(sip);
        await site.Admin.PutAsync("/v1/admin/merchants/shop", new { name = "shop", number = CallSite.MerchantNumber, payer = "member", rings = "terminal" });
        using var client = await site.MemberAsync(Scene.Plenty);
        await client.PutAsync("/v1/terminals/rings", new { rings = "terminal" });

        Assert.Equal("member_unreachable", (await client.PlaceAsync("shop")).Text("code"));
        var mine = await MakeAsync(client, "/v1/terminals", $"{client.Account}-phone");
        await using var member = await BaresipPhone.StartAsync(new($"{client.Account}-phone", mine, Domain, sip, "udp", MemberTone));
        await RegisteredAsync(client, "/v1/terminals", member);
        Assert.Equal("merchant_unreachable", (await client.PlaceAsync("shop")).Text("code"));

        var shops = await MakeAsync(site.Admin, "/v1/admin/merchants/shop/terminals", "shop-desk");
        await using var merchant = await BaresipPhone.StartAsync(new("shop-desk", shops, Domain, sip, "tcp", MerchantTone));
        await RegisteredAsync(site.Admin, "/v1/admin/merchants/shop/terminals", merchant);

        var placed = await client.PlaceAsync("shop");
        Assert.True(placed.Code == HttpStatusCode.Accepted, $"{placed.Body}");
        Assert.Equal("terminal", placed.Text("number"));
        string Both() => $"member:\n{member.Log}\nmerchant:\n{merchant.Log}\n{string.Join('\n', site.Silos[0].Program.Output.Split('\n').TakeLast(20))}";
        try
        {
            await client.ReachesAsync(placed.Id, "bridged", Soon);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}\n{Both()}");
        }

        await Waiting.UntilAsync("the member to hear the merchant", Soon, () => member.Heard(MerchantTone, 0.5) > 0.8, Both);
        await Waiting.UntilAsync("the merchant to hear the member", Soon, () => merchant.Heard(MemberTone, 0.5) > 0.8, Both);
        await client.CancelAsync(placed.Id);
        var end = await client.EndsAsync(placed.Id);
        Assert.True(end.Outcome == "bridged", $"{end.Body}\n{Both()}");
        await site.IsSettledAsync(placed.Id);
        Assert.Equal(0, await site.Books.PaidForAsync(placed.Id));

        var other = await client.PlaceAsync("shop");
        await client.ReachesAsync(other.Id, "bridged", Soon);
        await client.CancelAsync(other.Id);
        Assert.Equal("bridged", (await client.EndsAsync(other.Id)).Outcome);
        await site.IsSettledAsync(other.Id);
        Assert.True((await client.DeleteAsync($"/v1/terminals/{client.Account}-phone")).Code == HttpStatusCode.NoContent);
        Assert.Equal("member_unreachable", (await client.PlaceAsync("shop")).Text("code"));
    }

    [Fact]
    public async Task Strangers_wrong_passwords_and_replays_are_refused_and_a_flood_gets_silence()
    {
        var sip = FreePorts.Udp("127.0.0.1");
        await using var site = await StartAsync(sip);
        using var client = await site.MemberAsync(0);
        var password = await MakeAsync(client, "/v1/terminals", "nina");
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync(site.Admin, "/v1/terminals", "nina")).Code);
        await using (var wrong = await BaresipPhone.StartAsync(new("nina", "not-the-password", Domain, sip, "udp", MemberTone)))
            await Waiting.UntilAsync("the phone to be refused", Soon, () => wrong.Log.Contains("401", StringComparison.Ordinal), () => wrong.Log);

        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var challenge = await AskAsync(socket, sip, 1, "");
        Assert.StartsWith("SIP/2.0 401 ", challenge, StringComparison.Ordinal);
        var proof = Proof("nina", password, Nonce().Match(challenge).Groups[1].Value);
        Assert.StartsWith("SIP/2.0 200 ", await AskAsync(socket, sip, 2, proof), StringComparison.Ordinal);
        var replayed = await AskAsync(socket, sip, 3, proof);
        Assert.StartsWith("SIP/2.0 401 ", replayed, StringComparison.Ordinal);
        Assert.Contains("stale=true", replayed, StringComparison.Ordinal);

        using var stranger = new UdpClient(new IPEndPoint(IPAddress.Parse("127.0.0.9"), 0));
        for (var n = 0; n < 300; n++) stranger.Send(Register(stranger, n, ""), sip);
        var answers = 0;
        // The phone that is registered is heard all the same: its answer shows that what came before it has been looked at.
        Assert.StartsWith("SIP/2.0 ", await AskAsync(socket, sip, 4, ""), StringComparison.Ordinal);
        for (; stranger.Available > 0; answers++) await stranger.ReceiveAsync(TestContext.Current.CancellationToken);
        Assert.InRange(answers, 1, 60);
        Assert.True(await Metrics.SumAsync(site.Silos[0].Http, "callback_registers_total") < 100);
    }

    Task<CallSite> StartAsync(IPEndPoint sip) => StartAsync(sip, server);

    static async Task<CallSite> StartAsync(IPEndPoint sip, PostgresServer server) => await CallSite.StartAsync(
        await server.CreateDatabaseAsync(), new Dictionary<string, string>
        {
            ["Sip__Port"] = sip.Port.ToString(CultureInfo.InvariantCulture),
            ["Terminals__Domain"] = Domain,
        });

    static Task<Answer> PostAsync(SiteClient client, string address, string account) => client.PostAsync(address, new { account });

    static async Task<string> MakeAsync(SiteClient client, string address, string account)
    {
        var made = await PostAsync(client, address, account);
        Assert.True(made.Code == HttpStatusCode.Created, $"{made.Body}");
        Assert.Equal((account, Domain, "udp"), (made.Text("account"), made.Text("domain"), made.Text("transport")));
        Assert.Equal($"sip:{account}:{made.Text("password")}@{Domain};transport=udp", made.Body.GetProperty("qr").GetProperty("text").GetString());
        return made.Text("password")!;
    }

    static Task RegisteredAsync(SiteClient client, string address, BaresipPhone phone) => Waiting.UntilAsync(
        $"a phone at {address}", Soon,
        async () => (await client.ReadAsync(address)).Body.GetProperty("terminals")[0].GetProperty("registered").GetInt32() == 1, () => phone.Log);

    static async Task<string> AskAsync(UdpClient phone, IPEndPoint sip, int cseq, string authorization)
    {
        await phone.SendAsync(Register(phone, cseq, authorization), sip, TestContext.Current.CancellationToken);
        return Encoding.ASCII.GetString((await phone.ReceiveAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Soon, TestContext.Current.CancellationToken)).Buffer);
    }

    static byte[] Register(UdpClient phone, int cseq, string authorization) => Encoding.ASCII.GetBytes(string.Join("\r\n",
    [
        $"REGISTER sip:{Domain} SIP/2.0", $"Via: SIP/2.0/UDP {phone.Client.LocalEndPoint};branch=z9hG4bK{Guid.NewGuid():N};rport", "Max-Forwards: 70",
        $"From: <sip:nina@{Domain}>;tag=1", $"To: <sip:nina@{Domain}>", $"Call-ID: {phone.Client.LocalEndPoint}", $"CSeq: {cseq} REGISTER",
        $"Contact: <sip:nina@{phone.Client.LocalEndPoint}>;expires=60", .. authorization.Length == 0 ? (string[])[] : [authorization], "Content-Length: 0", "", "",
    ]));

    /// <summary>RFC 7616 section 3.4.1, by hand.</summary>
    static string Proof(string user, string password, string nonce)
    {
        var response = Md5($"{Md5($"{user}:{Domain}:{password}")}:{nonce}:00000001:c:auth:{Md5($"REGISTER:sip:{Domain}")}");
        return $"Authorization: Digest username=\"{user}\", realm=\"{Domain}\", nonce=\"{nonce}\", uri=\"sip:{Domain}\", algorithm=MD5, qop=auth, nc=00000001, "
            + $"cnonce=\"c\", response=\"{response}\"";
    }

#pragma warning disable CA5351 // What phones speak.
    static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.ASCII.GetBytes(text)));
#pragma warning restore CA5351

    [GeneratedRegex("nonce=\"([^\"]+)\"")]
    private static partial Regex Nonce();
}
