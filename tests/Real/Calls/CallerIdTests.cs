using System.Net;
using OrleansCallback.Tests.Sipp;

namespace OrleansCallback.Tests.Calls;

/// <summary>Whose number each of the two phones is shown, read from the INVITEs that SIPp received; both are behind one trunk.</summary>
[Collection(TwoTrunksScenarios.Name)]
public sealed class CallerIdTests(TwoTrunks two)
{
    const string Sites = "+493023125998", Merchants = "+493023125099";
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task The_member_sees_the_merchant_s_number_the_merchant_the_member_s_if_it_is_proven_and_else_the_site_s()
    {
        await using var phones = await SippPhone.StartAsync(two.Site.MemberPhone, PhoneScript.Answers);
        await two.ChangeAsync(CallSite.MemberTrunk, new { caller_id = Sites, caller_id_from = "member", caller_id_from_a = "merchant", asserted_identity = true });
        using var member = await two.Site.MemberAsync(Scene.Plenty);
        string mine = CallSite.MemberNumber(81), other = CallSite.MemberNumber(82);

        await ProveAsync(member, mine, proven: false);
        Assert.Equal((Merchants, Sites), await ShownAsync(phones, member, mine));
        await ProveAsync(member, mine, proven: true);
        Assert.Equal((Merchants, mine), await ShownAsync(phones, member, mine));
        Assert.Equal((Merchants, Sites), await ShownAsync(phones, member, other)); // proven is the other number

        await two.ChangeAsync(CallSite.MemberTrunk, new { caller_id_from = "site", caller_id_from_a = "site" });
        Assert.Equal((Sites, Sites), await ShownAsync(phones, member, mine));
    }

    async Task ProveAsync(SiteClient member, string number, bool proven) => Assert.Equal(HttpStatusCode.OK, (await two.Site.Admin.PutAsync(
        $"/v1/admin/members/{member.Account}", new { name = member.Account, number, password = member.Password, number_proven = proven })).Code);

    /// <summary>The numbers that the member's phone and the merchant's were shown in a call that was bridged.</summary>
    static async Task<(string Member, string Merchant)> ShownAsync(SippPhone phones, SiteClient member, string number)
    {
        var before = phones.Received("INVITE").Count;
        var placed = await member.PlaceAsync(CallSite.NearMerchant, number: number);
        Assert.True(placed.Code == HttpStatusCode.Accepted, $"{placed.Body}");
        await member.ReachesAsync(placed.Id, "bridged", Soon);
        await member.CancelAsync(placed.Id);
        await member.EndsAsync(placed.Id, Soon);
        var invites = phones.Received("INVITE").Skip(before).DistinctBy(invite => invite.CallId).ToList();
        Assert.Equal(2, invites.Count);
        return (NumberIn(invites.Single(invite => invite.StartLine.Contains(number, StringComparison.Ordinal))),
            NumberIn(invites.Single(invite => invite.StartLine.Contains(Merchants, StringComparison.Ordinal))));
    }

    static string NumberIn(WireMessage invite)
    {
        Assert.Equal(invite.Header("From").Split(';')[0], invite.Header("P-Asserted-Identity"));
        return invite.Header("From").Split("sip:")[1].Split('@')[0];
    }
}
