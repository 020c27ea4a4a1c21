using OrleansCallback.Calls;
using OrleansCallback.Trunks;

namespace OrleansCallback.Tests.Trunks;

public sealed class NumberFormatTests
{
    static readonly PhoneNumber Member = PhoneNumber.FromE164("+493012345678");
    static readonly PhoneNumber Merchant = PhoneNumber.FromE164("+43198765432");

    [Theory]
    [InlineData("e164", "+493012345678", "+43198765432")]
    [InlineData("digits", "493012345678", "43198765432")]
    [InlineData("national:49", "03012345678", "0043198765432")]
    [InlineData("national:49:", "3012345678", "0043198765432")]
    [InlineData("national:49:0:011", "03012345678", "01143198765432")]
    [InlineData("national:49:0:+", "03012345678", "+43198765432")]
    [InlineData("prefix:9900", "9900493012345678", "990043198765432")]
    public void A_trunk_gets_numbers_as_it_wants_them(string setting, string home, string abroad)
    {
        Assert.True(NumberFormat.TryParse(setting, out var format));
        Assert.Equal((home, abroad), (format.Write(Member), format.Write(Merchant)));
    }

    [Theory]
    [InlineData("E164")]
    [InlineData("national")]
    [InlineData("national:049")]
    [InlineData("national:49:0:00:1")]
    [InlineData("prefix:")]
    [InlineData("prefix:12@evil")]
    public void A_setting_that_means_nothing_is_refused(string setting) => Assert.False(NumberFormat.TryParse(setting, out _));

    [Theory]
    [InlineData(CallerIdFrom.Site, CallLeg.A, true, "+4930999999")]
    [InlineData(CallerIdFrom.Merchant, CallLeg.A, false, "+43198765432")]
    [InlineData(CallerIdFrom.Merchant, CallLeg.B, false, "+4930999999")]
    [InlineData(CallerIdFrom.Member, CallLeg.B, true, "+493012345678")]
    [InlineData(CallerIdFrom.Member, CallLeg.B, false, "+4930999999")]
    [InlineData(CallerIdFrom.Member, CallLeg.A, true, "+4930999999")]
    public void Nobody_is_shown_an_unproven_number_or_the_own(CallerIdFrom from, CallLeg leg, bool proven, string shown)
    {
        var attempt = Compose(leg, proven, new("e164", from, true, ""));
        Assert.StartsWith($"<sip:{shown}@d.example>;tag=", attempt.From, StringComparison.Ordinal);
        Assert.Equal($"<sip:{shown}@d.example>", attempt.AssertedIdentity);
    }

    [Fact]
    public void One_trunk_shows_the_member_the_merchant_s_number_and_the_merchant_the_member_s()
    {
        var style = new TrunkStyle("e164", CallerIdFrom.Member, false, "") { CallerIdFromA = CallerIdFrom.Merchant };
        Assert.StartsWith("<sip:+43198765432@", Compose(CallLeg.A, true, style).From, StringComparison.Ordinal);
        Assert.StartsWith("<sip:+493012345678@", Compose(CallLeg.B, true, style).From, StringComparison.Ordinal);
        Assert.StartsWith("<sip:+4930999999@", Compose(CallLeg.B, false, style).From, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_number_of_an_attempt_has_the_trunk_s_format_and_privacy_hides_it_in_From()
    {
        var attempt = Compose(CallLeg.A, false, new("national:49", CallerIdFrom.Site, true, "id"));
        Assert.Equal(("sip:03012345678@d.example", "<sip:03012345678@d.example>"), (attempt.RequestUri, attempt.To));
        Assert.Equal("<sip:030999999@d.example>", attempt.AssertedIdentity);
        Assert.StartsWith("\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=", attempt.From, StringComparison.Ordinal);
        Assert.Null(Compose(CallLeg.A, false, null).AssertedIdentity);
    }

    static LegAttempt Compose(CallLeg leg, bool proven, TrunkStyle? style) => LegAttempts.Compose(new()
    {
        Site = "site", Callback = "cb", Secret = "secret", Leg = leg, Attempt = 1, Trunk = "carrier",
        Offer = new("silo", "10.0.0.1:5060", "192.0.2.1:5060", "d.example", "+4930999999", 1, 0, Style: style),
        MemberNumber = Member, MemberProven = proven, MerchantNumber = Merchant, RingLimit = TimeSpan.FromSeconds(45),
    });
}
