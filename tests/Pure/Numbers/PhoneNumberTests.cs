using OrleansCallback.Calls;
using Xunit;

namespace OrleansCallback.Tests.Numbers;

public sealed class PhoneNumberTests
{
    [Theory]
    [InlineData("030 23125 001", "DE", "+493023125001")]
    [InlineData("(030) 23125-001", "DE", "+493023125001")]
    [InlineData("0049 30 23125001", "DE", "+493023125001")]
    [InlineData("+49 (0)30 23125001", "DE", "+493023125001")]
    [InlineData("+44 20 7946 0018", "DE", "+442079460018")]
    [InlineData("020 7946 0018", "GB", "+442079460018")]
    [InlineData("010-6552-9988", "CN", "+861065529988")]
    [InlineData("tel:+86-138-1234-5678", "DE", "+8613812345678")]
    [InlineData("+٤٩٣٠٢٣١٢٥٠٠١", "DE", "+493023125001")]
    public void Any_notation_becomes_E164(string typed, string region, string expected)
    {
        Assert.True(PhoneNumber.TryParse(typed, region, out var number, out var error), error);
        Assert.Equal(expected, number.E164);
    }

    [Theory]
    [InlineData(null), InlineData(""), InlineData("   "), InlineData("110"), InlineData("hello"), InlineData("+"), InlineData("+999 1234567")]
    [InlineData("030 23125001 ext. 5"), InlineData("+4930231250011234567890"), InlineData("'; drop table wallet; --"), InlineData("+49 30 <script>")]
    public void What_cannot_be_rung_is_refused_with_a_sentence(string? typed)
    {
        Assert.False(PhoneNumber.TryParse(typed, "DE", out _, out var error));
        Assert.EndsWith(".", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_very_long_text_is_refused_at_once()
    {
        Assert.False(PhoneNumber.TryParse(new string('1', 100_000), "DE", out _, out var error));
        Assert.DoesNotContain("111", error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_callback_id_follows_from_site_caller_and_key_alone()
    {
        var number = PhoneNumber.FromE164("+493023125001");
        var first = new CallbackRequest("main", "Alice", "key", "bakery", number);
        Assert.Equal(first.CallbackId, (first with { Caller = "alice", Merchant = "florist" }).CallbackId);
        Assert.NotEqual(first.CallbackId, (first with { Site = "other" }).CallbackId);
        Assert.NotEqual(first.CallbackId, (first with { Caller = "bob" }).CallbackId);
        Assert.NotEqual(first.BodyHash, (first with { Merchant = "florist" }).BodyHash);
    }
}
