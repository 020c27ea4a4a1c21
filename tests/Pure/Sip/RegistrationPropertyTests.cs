using CsCheck;
using OrleansCallback.Sip;
using Xunit;

namespace OrleansCallback.Tests.Sip;

/// <summary>What holds of registrations whatever the network and the registrar do.</summary>
public sealed class RegistrationPropertyTests
{
    [Fact]
    public void A_refresh_always_comes_before_the_binding_lapses_and_not_at_once() =>
        Gen.Select(Gen.Int[1, 86_400], Gen.Double[0, 1]).Sample((granted, chance) =>
        {
            var refresh = RegistrationSchedule.Refresh(TimeSpan.FromSeconds(granted), chance).TotalSeconds;
            Assert.InRange(refresh, Math.Min(0.4, granted * 0.4), granted - Math.Min(0.5, granted * 0.5));
        });

    [Fact]
    public void Waits_double_within_their_bounds_and_no_failure_is_followed_by_a_flood() =>
        Gen.Select(Gen.Int[1, 1_000_000], Gen.Int[200, 699], Gen.Int[0, 90_000], Gen.Double[0, 1]).Sample((failures, code, asked, chance) =>
        {
            var wait = RegistrationSchedule.Retry(failures, code, TimeSpan.FromSeconds(asked), chance);
            Assert.InRange(wait, TimeSpan.FromSeconds(Math.Clamp(asked, 1, 3_600)), TimeSpan.FromSeconds(Math.Clamp(asked, 300, 3_600)));
            Assert.True(RegistrationSchedule.Retry(failures + 1, code, null, chance) >= RegistrationSchedule.Retry(failures, code, null, chance));
        });

    [Fact]
    public void Whatever_is_lost_or_refused_it_is_told_as_it_is_and_comes_back_by_itself() =>
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Double[0, 0.6], Gen.Int[5, 900], Gen.Int[0, 300]).Sample(
            (seed, trouble, expires, least) => new RegistrarWorld(seed, trouble, expires, least).Run(), iter: 200);
}
