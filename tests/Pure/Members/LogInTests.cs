using OrleansCallback.Members;
using Xunit;

namespace OrleansCallback.Tests.Members;

public sealed class LogInTests
{
    [Fact]
    public void A_password_verifies_against_its_own_hash_alone()
    {
        var stored = PasswordHash.Create("correct horse");
        Assert.True(PasswordHash.Verify("correct horse", stored));
        Assert.False(PasswordHash.Verify("Correct horse", stored));
        Assert.False(PasswordHash.Verify("", stored));
        Assert.False(PasswordHash.Verify("correct horse", PasswordHash.NoAccount));
    }

    [Fact]
    public void The_same_password_hashes_differently_each_time() =>
        Assert.NotEqual(PasswordHash.Create("same"), PasswordHash.Create("same"));

    [Fact]
    public void A_password_of_absurd_length_is_refused_without_hashing_it() =>
        Assert.False(PasswordHash.Verify(new string('x', PasswordHash.LongestPassword + 1), "not even a hash"));

    [Theory]
    [InlineData(0, 0), InlineData(4, 0), InlineData(5, 1), InlineData(6, 2), InlineData(8, 8), InlineData(13, 256), InlineData(14, 300), InlineData(10_000, 300)]
    public void Failures_in_a_row_slow_the_next_try(int failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), LogInPolicy.WaitAfter(failures));
}
