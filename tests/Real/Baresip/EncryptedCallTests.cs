using OrleansCallback.Tests.Calls;
using OrleansCallback.Tests.Processes;
using OrleansCallback.Tests.Sipp;

namespace OrleansCallback.Tests.Baresip;

/// <summary>Callbacks whose legs are encrypted each for itself: baresip's SRTP at either end, tones through hold and bridge by their content.</summary>
public sealed class EncryptedCallTests(EncryptedSite encrypted) : IClassFixture<EncryptedSite>
{
    const string Strongest = "AEAD_AES_256_GCM";
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    CallSite Site => encrypted.Site;

    [Theory]
    [InlineData("tls", "srtp-mand", "required", "srtp-mand", Strongest, Strongest)]
    [InlineData("udp", "", "required", "srtp", null, Strongest)]
    [InlineData("tcp", "srtp", "preferred", "", Strongest, null)]
    [InlineData("udp", "srtp", "off", "srtp", Strongest, null)]
    public async Task Each_hears_the_other_whether_its_own_leg_is_encrypted_or_not(
        string transport, string ofMember, string trunk, string ofMerchant, string? suiteOfMember, string? suiteOfMerchant)
    {
        await encrypted.SetTrunkAsync(trunk);
        var (client, member) = await encrypted.MemberAsync(transport, ofMember);
        using var owned = client;
        await using var phone = member;
        await using var merchant = await BaresipPhone.BehindTrunkAsync(Site.MerchantPhone, CallSite.MerchantNumber, EncryptedSite.MerchantTone, ofMerchant);
        string Both() => $"member:\n{member.Log}\nmerchant:\n{merchant.Log}\n{string.Join('\n', encrypted.Output.Split('\n').TakeLast(20))}";

        var callback = (await client.PlaceAsync("member-pays")).Id;
        await Waiting.UntilAsync("the member to hear the merchant", Soon, () => member.Heard(EncryptedSite.MerchantTone, 0.5) > 0.8, Both);
        await Waiting.UntilAsync("the merchant to hear the member", Soon, () => merchant.Heard(EncryptedSite.MemberTone, 0.5) > 0.8, Both);
        Assert.Equal((suiteOfMember, suiteOfMerchant), (member.Suite, merchant.Suite));
        Assert.DoesNotContain("inline", await Site.Books.DialogsOfAsync(callback), StringComparison.OrdinalIgnoreCase);
        await client.CancelAsync(callback);
        Assert.Equal("bridged", (await client.EndsAsync(callback)).Outcome);
        await Site.IsSettledAsync(callback);
        Assert.DoesNotContain("inline", encrypted.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_carrier_that_cannot_encrypt_where_it_must_carries_nothing_whether_it_refuses_or_answers()
    {
        await encrypted.SetTrunkAsync("required");
        Assert.Contains($"Trunk {CallSite.MerchantTrunk} is told the keys of its encrypted audio over udp, or what", encrypted.Output, StringComparison.Ordinal);
        var (client, member) = await encrypted.MemberAsync("udp", "srtp-mand");
        using var owned = client;
        await using var phone = member;
        await using (var merchant = await BaresipPhone.BehindTrunkAsync(Site.MerchantPhone, CallSite.MerchantNumber, EncryptedSite.MerchantTone))
            await EndsUnreachableAsync(client, (await client.PlaceAsync("member-pays")).Id);

        // SIPp does not look at what it is offered: it rings, then answers with plain audio.
        await using var careless = await SippPhone.StartAsync(Site.MerchantPhone, PhoneScript.Answers with { Ring = TimeSpan.FromSeconds(3) });
        var callback = (await client.PlaceAsync("member-pays")).Id;
        await Waiting.UntilAsync("the member to hear the ring-back", Soon, () => member.Heard(EncryptedSite.HoldTone, 0.5) > 0.8, () => member.Log);
        await EndsUnreachableAsync(client, callback);
        var (invite, bye) = (careless.Received("INVITE")[0], await careless.ReceivesAsync("BYE", Soon));
        Assert.Contains("RTP/SAVP", invite.Text, StringComparison.Ordinal);
        Assert.Contains("SIP;cause=488", bye.Text, StringComparison.Ordinal);
        await careless.FinishAsync();
    }

    [Fact]
    public async Task A_setting_that_is_none_of_the_three_is_refused_with_what_to_write()
    {
        var refused = await Site.Admin.PutAsync($"/v1/admin/trunks/{CallSite.MerchantTrunk}", new { media_encryption = "sometimes" });
        Assert.Equal(System.Net.HttpStatusCode.UnprocessableEntity, refused.Code);
        Assert.Contains("write off, preferred or required", $"{refused.Body}", StringComparison.Ordinal);
    }

    async Task EndsUnreachableAsync(SiteClient client, string callback)
    {
        var end = await client.EndsAsync(callback);
        Assert.Equal(("failed", "merchant_unreachable"), (end.Status, end.Outcome));
        Assert.Equal(488, end.Body.GetProperty("end_reason").GetProperty("sip_code").GetInt32());
        await Site.IsSettledAsync(callback);
        Assert.Equal(0, await Site.Books.PaidForAsync(callback));
    }
}
