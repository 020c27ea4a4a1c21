using CsCheck;
using OrleansCallback.Trunks;
using Xunit;

namespace OrleansCallback.Tests.Trunks;

public sealed class TrunkBookTests
{
    static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    static TrunkOffer Offer(string silo, int used = 0, int held = 0, int max = 10, long number = 0) =>
        new(silo, $"{silo}:5060", "192.0.2.1:5060", "192.0.2.1", "+493023125000", max, used) { HeldChannels = Math.Max(used, held), Number = number };

    [Fact]
    public void The_only_owner_gets_all_channels()
    {
        Assert.Equal(10, new TrunkBook().Lease(Offer("one"), Start).Channels);
    }

    [Fact]
    public void A_second_owner_waits_until_the_first_has_said_that_it_holds_less()
    {
        var book = new TrunkBook();
        book.Lease(Offer("one"), Start);
        Assert.Equal((0, 5), Of(book.Lease(Offer("two"), Start)));
        Assert.Equal((5, 5), Of(book.Lease(Offer("one", held: 10), Start)));
        Assert.Equal((0, 5), Of(book.Lease(Offer("two"), Start))); // the answer to the first may still be on its way
        Assert.Equal((5, 5), Of(book.Lease(Offer("one", held: 5), Start)));
        Assert.Equal((5, 5), Of(book.Lease(Offer("two"), Start)));
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
    public void A_lease_that_is_not_renewed_lapses_and_gives_back_what_no_leg_was_sent_to()
    {
        var book = new TrunkBook();
        book.Lease(Offer("one", used: 2), Start);
        Assert.NotNull(book.Choose(null, Start + TrunkBook.LeaseTime - TimeSpan.FromSeconds(1)));
        Assert.Null(book.Choose(null, Start + TrunkBook.LeaseTime));
        Assert.Equal(7, book.Lease(Offer("two"), Start + TrunkBook.LeaseTime).Channels);
    }

    [Fact]
    public void A_silo_that_leaves_gets_no_new_legs_and_what_it_uses_stays_counted()
    {
        var book = new TrunkBook();
        book.Lease(Offer("one", used: 7, number: 1), Start);
        book.Lease(Offer("one", used: 7, number: 3) with { Leaving = true }, Start);
        Assert.Null(book.Choose("one", Start));
        Assert.Equal(3, book.Lease(Offer("two"), Start).Channels);
        book.Lease(Offer("one", number: 2), Start); // a renewal that was on its way when it left
        Assert.Equal("two", book.Choose("one", Start)?.Silo);
        book.Lease(Offer("one", used: 1, number: 4) with { Leaving = true }, Start);
        Assert.Equal(9, book.Lease(Offer("two", held: 3), Start).Channels);
    }

    [Fact]
    public void The_preferred_owner_is_chosen_before_the_freest()
    {
        var book = Shared(Offer("one", used: 4), Offer("two"));
        Assert.Equal("one", book.Choose("one", Start)?.Silo);
        Assert.Equal("two", book.Choose("gone", Start)?.Silo);
    }

    [Fact]
    public void Legs_that_were_sent_to_an_owner_are_counted_before_it_tells_of_them()
    {
        var book = Shared(Offer("one", max: 3), Offer("two", max: 3));
        Assert.Equal(["one", "one", "two"], Enumerable.Range(0, 3).Select(_ => book.Choose("one", Start)?.Silo));
        Assert.Equal("one", book.Choose("two", Start)?.Silo); // none seems to be left: who has the most channels may know better
        Assert.Equal("two", book.Choose("one", Start, fullSilo: "one")?.Silo);
        Assert.Null(Shared(Offer("one")).Choose("one", Start, fullSilo: "one"));
    }

    [Fact]
    public void A_new_book_begins_with_what_all_owners_hold_by_the_one_before()
    {
        var book = new TrunkBook();
        book.Restore([Offer("one", held: 8), Offer("two", used: 1) with { Leaving = true }], Start);
        Assert.Equal([("one", 8), ("two", 1)], book.Owners(Start).Select(owner => (owner.Silo, owner.Channels)));
        Assert.Equal("one", book.Choose("two", Start)?.Silo);
        Assert.Equal((1, 4), Of(book.Lease(Offer("three"), Start)));
    }

    [Fact]
    public void A_trunk_that_is_down_on_one_silo_is_taken_from_another_which_gets_the_channels()
    {
        var book = new TrunkBook();
        var down = Offer("one") with { Condition = TrunkCondition.Down, Pause = TimeSpan.FromSeconds(5) };
        book.Lease(down, Start);
        Assert.Equal(10, book.Owners(Start)[0].Channels);
        book.Lease(Offer("two"), Start);
        book.Lease(down with { HeldChannels = 10 }, Start);
        book.Lease(down, Start);
        Assert.Equal(10, book.Lease(Offer("two"), Start).Channels);
        Assert.Equal("two", book.Choose("one", Start)?.Silo);
        Assert.Equal(TrunkCondition.Down, book.Owners(Start)[0].Condition);
        Assert.Null(book.Choose("one", Start, fullSilo: "two"));
    }

    [Theory]
    [InlineData(10, 5, 5)]
    [InlineData(1, 10, 0)]
    public void Calls_a_second_are_shared_among_who_has_channels_and_never_more_than_the_trunk_s(int channels, double first, double second)
    {
        var book = new TrunkBook();
        var (one, two) = (Offer("one", max: channels) with { CallsPerSecond = 10 }, Offer("two", max: channels) with { CallsPerSecond = 10 });
        Assert.Equal(10, book.Lease(one, Start).CallsPerSecond);
        Assert.Equal(0, book.Lease(two, Start).CallsPerSecond);
        Assert.Equal(first, book.Lease(one, Start).CallsPerSecond);
        Assert.Equal(second, book.Lease(two, Start).CallsPerSecond);
        Assert.Null(new TrunkBook().Lease(Offer("one"), Start).CallsPerSecond);
    }

    /// <summary>Whatever answers are lost or late, silos never have more legs than the trunk has channels; once all is quiet they have every one.</summary>
    [Fact]
    public void Silos_never_use_more_than_the_trunk_has_and_in_the_end_all_of_it() =>
        Gen.Select(Gen.Int[1, 12], Gen.Select(Gen.Int[0, 3], Gen.Int[0, 5], Gen.Int[0, 12]).Array[0, 120]).Sample((max, steps) =>
        {
            var (book, silos) = (new TrunkBook(), Enumerable.Range(0, 4).Select(n => new BookSilo($"silo-{n}", max)).ToList());
            foreach (var (n, what, number) in steps)
            {
                var silo = silos[n];
                switch (what)
                {
                    case 0: silo.Tell(book); break;
                    case 1: silo.TakeAnswer(); break;
                    case 2: silo.LoseAnswer(); break;
                    case 3: silo.Use(number); break;
                    case 4: silo.Pause = number % 2 == 0 ? null : TimeSpan.FromHours(1); break;
                    default: silo.Tell(book); silo.TakeAnswer(); break;
                }

                if (silos.Sum(s => Math.Max(s.Used, s.Held)) > max) return false;
            }

            foreach (var silo in silos) (silo.Pause, _) = (null, silo.Use(0));
            for (var round = 0; round < 4; round++)
            {
                foreach (var silo in silos)
                {
                    silo.Tell(book);
                    silo.TakeAnswer();
                }
            }

            return silos.Sum(s => s.Held) == max && silos.Max(s => s.Held) - silos.Min(s => s.Held) <= 1;
        });

    static (int Channels, int Share) Of(TrunkLease lease) => (lease.Channels, lease.Share);

    /// <summary>A book whose owners have renewed until each has its share.</summary>
    static TrunkBook Shared(params TrunkOffer[] offers)
    {
        var (book, held) = (new TrunkBook(), offers.ToDictionary(offer => offer.Silo, _ => 0));
        for (var round = 0; round < 4; round++)
            foreach (var offer in offers) held[offer.Silo] = book.Lease(offer with { HeldChannels = Math.Max(offer.UsedChannels, held[offer.Silo]) }, Start).Channels;
        return book;
    }
}

/// <summary>A silo as its book cannot see it: what it holds, what it uses, an answer that is on its way.</summary>
sealed class BookSilo(string name, int max)
{
    long number;
    int answer = -1;

    public int Held { get; private set; }

    public int Used { get; private set; }

    public TimeSpan? Pause { get; set; }

    public void Tell(TrunkBook book) => answer = book.Lease(
        new(name, "h:1", "t:1", "d", "c", max, Used, Pause: Pause) { HeldChannels = Math.Max(Used, Held), Number = ++number }, default).Channels;

    public void TakeAnswer()
    {
        if (answer >= 0) Held = answer;
        answer = -1;
    }

    public void LoseAnswer() => answer = -1;

    /// <summary>Legs come up to what is held; those that are there stay or end.</summary>
    public int Use(int legs) => Used = Math.Min(legs, Math.Max(Used, Held));
}
