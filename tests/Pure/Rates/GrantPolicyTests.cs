using OrleansCallback.Rates;

namespace OrleansCallback.Tests.Rates;

public sealed class GrantPolicyTests
{
    [Fact]
    public void A_shorter_slice_is_renewed_when_a_third_of_it_is_left()
    {
        var (slice, whole) = (TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(75));
        Assert.Equal(whole, GrantPolicy.RenewWhenLeft(slice, slice, whole));
        Assert.Equal(TimeSpan.FromSeconds(10), GrantPolicy.RenewWhenLeft(TimeSpan.FromSeconds(30), slice, whole));
        Assert.Equal(TimeSpan.FromSeconds(106), GrantPolicy.Wanted(TimeSpan.FromSeconds(15.2), slice));
    }
}
