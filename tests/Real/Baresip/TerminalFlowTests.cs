using System.Net;
using OrleansCallback.Tests.Calls;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Baresip;

/// <summary>How long a phone is registered: as its connection, or as it said; and phones over TLS, which have no certificates.</summary>
[Collection(TerminalSite.Name)]
public sealed class TerminalFlowTests(TerminalSite terminals)
{
    const int MemberTone = 440, MerchantTone = 1_000;

    CallSite Site => terminals.Site;

    [Fact]
    public async Task A_phone_over_TLS_needs_no_certificate_and_is_gone_with_its_connection()
    {
        var (client, mine) = await terminals.MemberAsync();
        var shops = await terminals.MerchantAsync("tls");
        await using var member = await BaresipPhone.StartAsync(terminals.Phone(mine, MemberTone, "tls"));
        await using var merchant = await BaresipPhone.StartAsync(terminals.Phone(shops, MerchantTone, "tls"));
        await mine.HasAsync(1, () => member.Log);
        await shops.HasAsync(1, () => merchant.Log);
        await TalkAsync(client, "tls", member, merchant);

        await member.KillAsync();
        await mine.HasAsync(0, () => "Its registration would last for a minute.");
        Assert.Equal("member_unreachable", (await client.PlaceAsync("tls")).Text("code"));
    }

    [Fact]
    public async Task A_phone_that_is_not_heard_of_any_more_is_forgotten_in_its_time()
    {
        var (_, mine) = await terminals.MemberAsync();
        await using var phone = await BaresipPhone.StartAsync(terminals.Phone(mine, MemberTone) with { Expires = TerminalSite.ShortestExpires });
        await mine.HasAsync(1, () => phone.Log);
        await phone.KillAsync();
        await mine.HasAsync(0, () => phone.Log);
    }

    /// <summary>A callback in which each hears the other's tone, ended by the member on the page.</summary>
    async Task TalkAsync(SiteClient client, string merchantId, BaresipPhone member, BaresipPhone merchant)
    {
        string Both() => $"member:\n{member.Log}\nmerchant:\n{merchant.Log}\n{string.Join('\n', Site.Silos[0].Program.Output.Split('\n').TakeLast(20))}";
        var placed = await client.PlaceAsync(merchantId);
        Assert.True(placed.Code == HttpStatusCode.Accepted, $"{placed.Body}\n{Both()}");
        Assert.Equal("terminal", placed.Text("number"));
        await Waiting.UntilAsync("the member to hear the merchant", TerminalSite.Soon, () => member.Heard(MerchantTone, 0.5) > 0.8, Both);
        await Waiting.UntilAsync("the merchant to hear the member", TerminalSite.Soon, () => merchant.Heard(MemberTone, 0.5) > 0.8, Both);
        await client.CancelAsync(placed.Id);
        var end = await client.EndsAsync(placed.Id);
        Assert.True(end.Outcome == "bridged", $"{end.Body}\n{Both()}");
        await Site.IsSettledAsync(placed.Id);
        Assert.Equal(0, await Site.Books.PaidForAsync(placed.Id));
    }
}
