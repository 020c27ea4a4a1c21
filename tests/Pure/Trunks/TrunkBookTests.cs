using CsCheck;
using OrleansCallback.Trunks;
using Xunit;

namespace OrleansCallback.Tests.Trunks;

public sealed class TrunkBookTests
{
    static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    static TrunkOffer Offer(string silo, int used = 0, int max = 10) => new(silo, $"{silo}:5060", "192.0.2.1:5060", "192.0.2.1", "+493023125000", max, used);

    [Fact]
    public void The_only_owner_gets_all_channels()
    {
        Assert.Equal(10, new TrunkBook().Lease(Offer("one"), Start).Channels);
    }

    [Fact]
    public void A_second_owner_waits_until_the_first_gave_channels_back()
    {
        var book = new TrunkBook();
        book.Lease(Offer("one"), Start);
        Assert.Equal(0, book.Lease(Offer("two"), Start).Channels);
        Assert.Equal(5, book.Lease(Offer("one"), Start).Channels);
        Assert.Equal(5, book.Lease(Offer("two"), Start).Channels);
    }

    [Fact]
    public void Channels_in_use_are_never_revoked()
    {
        var book = new TrunkBook();
        book.Lease(Offer("one"), Start);
        book.Lease(Offer("two"), Start);
        Assert.Equal(8, book.Lease(Offer("one", used: 8), Start).Channels);
        Assert.Equal(2, book.Lease(Offer("two"), Start).Channels);
    }

    [Fact]
    public void A_lease_that_is_not_renewed_lapses()
    {
        var book = new TrunkBook();
        book.Lease(Offer("one"), Start);
        Assert.NotNull(book.Choose(null, Start + TrunkBook.LeaseTime - TimeSpan.FromSeconds(1)));
        Assert.Null(book.Choose(null, Start + TrunkBook.LeaseTime));
    }

    [Fact]
    public void A_silo_that_withdrew_gets_no_new_legs_but_its_channels_stay_counted()
    {
        var book = new TrunkBook();
        book.Lease(Offer("one", used: 7), Start);
        book.Withdraw("one");
        Assert.Null(book.Choose("one", Start));
        Assert.True(book.Lease(Offer("two"), Start).Channels <= 3);
    }

    [Fact]
    public void The_preferred_owner_is_chosen_before_the_freest()
    {
        var book = new TrunkBook();
        book.Lease(Offer("one", used: 4), Start);
        book.Lease(Offer("two"), Start);
        Assert.Equal("one", book.Choose("one", Start)?.Silo);
        book.Lease(Offer("one", used: 4), Start);
        book.Lease(Offer("two"), Start);
        Assert.Equal("two", book.Choose("gone", Start)?.Silo);
    }

    [Fact]
    public void A_new_book_shares_what_is_free_among_all_owners_at_once()
    {
        var book = new TrunkBook();
        book.Restore([Offer("one", used: 8), Offer("two")], Start);
        Assert.Equal([("one", 9), ("two", 1)], book.Owners(Start).Select(owner => (owner.Silo, owner.Channels)));
        Assert.Equal("one", book.Choose("one", Start)?.Silo);
    }

    [Fact]
    public void A_trunk_that_is_down_on_one_silo_is_taken_from_another()
    {
        var book = new TrunkBook();
        book.Restore([Offer("one") with { Condition = TrunkCondition.Down, Pause = TimeSpan.FromSeconds(5) }, Offer("two")], Start);
        Assert.Equal("two", book.Choose("one", Start)?.Silo);
        Assert.Equal(TrunkCondition.Down, book.Owners(Start)[0].Condition);
        Assert.Equal("one", book.Choose("one", Start + TimeSpan.FromSeconds(5))?.Silo);
    }

    [Fact]
    public void Calls_a_second_are_shared_and_never_more_than_the_trunk_s()
    {
        var book = new TrunkBook();
        var (one, two) = (Offer("one") with { CallsPerSecond = 10 }, Offer("two") with { CallsPerSecond = 10 });
        Assert.Equal(10, book.Lease(one, Start).CallsPerSecond);
        Assert.Equal(0, book.Lease(two, Start).CallsPerSecond);
        Assert.Equal(5, book.Lease(one, Start).CallsPerSecond);
        Assert.Equal(5, book.Lease(two, Start).CallsPerSecond);
        Assert.Null(new TrunkBook().Lease(Offer("one"), Start).CallsPerSecond);
    }

    [Fact]
    public void Blocks_never_exceed_the_trunk_whoever_renews_when() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 40], Gen.Int[0, 100]).Array[1, 60].Sample(steps =>
        {
            var book = new TrunkBook();
            var (silos, now) = (new Dictionary<int, (int Block, int Used, DateTimeOffset Until)>(), Start);
            foreach (var (silo, legs, seconds) in steps)
            {
                now += TimeSpan.FromSeconds(seconds);
                var (block, _, until) = silos.GetValueOrDefault(silo);
                var used = Math.Min(legs, until > now ? block : silos.GetValueOrDefault(silo).Used);
                silos[silo] = (book.Lease(Offer($"silo-{silo}", used, max: 40), now).Channels, used, now + TrunkBook.LeaseTime);
                if (silos.Values.Sum(owner => owner.Until > now ? owner.Block : owner.Used) > 40) return false;
            }

            return true;
        });
}
