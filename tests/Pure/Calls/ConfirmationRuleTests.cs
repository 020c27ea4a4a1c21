using OrleansCallback.Calls;

namespace OrleansCallback.Tests.Calls;

public sealed class ConfirmationRuleTests
{
    [Fact]
    public void Who_presses_1_is_there() =>
        Assert.Equal(ConfirmationStep.Confirmed, new ConfirmationRule(new(TimeSpan.Zero, 0)).Press('1'));

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Silence_is_asked_again_so_often_and_is_nobody_then(int repeats)
    {
        var rule = new ConfirmationRule(new(TimeSpan.Zero, repeats));
        for (var n = 0; n < repeats; n++) Assert.Equal(ConfirmationStep.Repeat, rule.TimeUp());
        Assert.Equal(ConfirmationStep.NotConfirmed, rule.TimeUp());
    }

    [Fact]
    public void A_wrong_key_is_asked_again_and_the_right_one_after_it_counts()
    {
        var rule = new ConfirmationRule(new(TimeSpan.Zero, 1));
        Assert.Equal(ConfirmationStep.Repeat, rule.Press('2'));
        Assert.Equal(ConfirmationStep.Confirmed, rule.Press('1'));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("#*")]
    [InlineData("A23")]
    public void Wrong_keys_alone_are_nobody(string keys)
    {
        var rule = new ConfirmationRule(new(TimeSpan.Zero, keys.Length - 1));
        Assert.Equal(ConfirmationStep.NotConfirmed, keys.Select(rule.Press).ToList()[^1]);
    }
}
