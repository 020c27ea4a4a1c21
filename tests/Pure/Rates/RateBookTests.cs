using CsCheck;
using OrleansCallback.Calls;
using OrleansCallback.Rates;
using OrleansCallback.Trunks;

namespace OrleansCallback.Tests.Rates;

public sealed class RateBookTests
{
    static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    static readonly PhoneNumber Number = PhoneNumber.FromE164("+493012345678");
    static readonly FlatRates Flat = new(
        new Dictionary<string, TrunkOptions> { ["a"] = new() { RatePerSecond = 7 }, ["b"] = new() { RatePerSecond = -1 } });

    [Fact]
    public void Ten_thousand_decks_and_calls_cost_what_the_reference_rater_says_to_the_unit() =>
        Gen.Select(
            Gen.Select(RandomDecks.Deck, RandomDecks.Deck), Gen.Select(RandomDecks.Zone, RandomDecks.Zone), RandomDecks.Moment,
            Gen.Select(RandomDecks.Number, RandomDecks.Number), Gen.Select(RandomRates.Talk, RandomRates.Talk), Gen.Bool).Sample(
            (decks, zones, at, numbers, talks, attempted) =>
            {
                var book = new RateBook(
                    1, [new("a", null, "first"), new(DeckAssignment.AllTrunks, Payer.Member, "second")],
                    [Loaded("first", 1, zones.Item1, decks.Item1), Loaded("second", 1, zones.Item2, decks.Item2)], DateTimeOffset.MaxValue);
                var card = book.Price(Flat, Payer.Member, Leg(numbers.Item1, "a"), Leg(numbers.Item2, "b"), at);
                var a = ReferenceRater.Find(decks.Item1, zones.Item1, at, numbers.Item1);
                var b = ReferenceRater.Find(decks.Item2, zones.Item2, at, numbers.Item2);
                Assert.Equal(a is null || b is null, card is null);
                if (card is null) return;
                var product = Pricing.Of(card.Of(CallLeg.A, "a"), talks.Item1, attempted).Total
                    + Pricing.Of(card.Of(CallLeg.B, "b"), talks.Item2, attempted).Total;
                var reference = ReferenceRater.Price(a!.Rate, talks.Item1?.TotalSeconds, attempted)
                    + ReferenceRater.Price(b!.Rate, talks.Item2?.TotalSeconds, attempted);
                Assert.Equal(reference, product.Micros);
            }, iter: 10_000);

    [Theory]
    [InlineData("a", Payer.Member, "trunk-member")]
    [InlineData("a", Payer.Sponsor, "trunk")]
    [InlineData("b", Payer.Member, "member")]
    [InlineData("b", Payer.Merchant, "all")]
    [InlineData("@flow/1", Payer.Merchant, "terminals")]
    public void What_names_the_trunk_goes_first_then_what_names_the_class_of_payers(string trunk, Payer payer, string deck)
    {
        DeckAssignment[] assigned =
        [
            new("a", Payer.Member, "trunk-member"), new("a", null, "trunk"), new("all", Payer.Member, "member"), new("all", null, "all"),
            new("terminals", Payer.Merchant, "terminals"),
        ];
        var versions = assigned.Select(one => Loaded(one.Deck, 4, "UTC", [new("+", Rate.Flat(new(1)))]));
        var book = new RateBook(1, assigned, versions, DateTimeOffset.MaxValue);
        Assert.Equal($"{deck}@4", Card(book, trunk, payer)!.A[0].Version);
    }

    [Fact]
    public void A_trunk_without_a_deck_has_its_flat_rate_and_a_terminal_too_unless_a_deck_is_assigned_to_terminals()
    {
        var book = new RateBook(1, [new("b", null, "deck")], [Loaded("deck", 1, "UTC", [new("+49", Rate.Flat(new(3)))])], DateTimeOffset.MaxValue);
        Assert.Equal((Flat.Version, "deck@1"), (Card(book, "a")!.A[0].Version, Card(book, "b")!.A[0].Version));
        Assert.Equal($"{Flat.Version}+deck@1", book.Price(Flat, Payer.Member, new(Number, ["a"]), new(Number, ["b"]), Noon)!.Versions);
        var all = new RateBook(1, [new("all", null, "deck")], [Loaded("deck", 1, "UTC", [new("+49", Rate.Flat(new(3)))])], DateTimeOffset.MaxValue);
        Assert.Equal(Flat.Version, Card(all, "@flow/1")!.A[0].Version);
    }

    [Fact]
    public void Where_the_deck_has_no_rate_for_a_number_its_trunk_is_not_used()
    {
        var book = new RateBook(1, [new("b", null, "deck")], [Loaded("deck", 1, "UTC", [new("+44", Rate.Flat(new(3)))])], DateTimeOffset.MaxValue);
        Assert.Null(Card(book, "b"));
        Assert.Equal(["a"], book.Price(Flat, Payer.Member, new(Number, ["b", "a"]), new(Number, ["a"]), Noon)!.Route(CallLeg.A));
        Assert.Null(Card(new(1, [new("b", null, "never-imported")], [], DateTimeOffset.MaxValue), "b"));
    }

    [Fact]
    public void A_version_takes_over_at_its_moment_and_ends_at_its_own()
    {
        LoadedVersion[] versions =
        [
            Loaded("deck", 1, "UTC", [new("+", Rate.Flat(new(1)))], Noon, Noon.AddDays(10)),
            Loaded("deck", 2, "UTC", [new("+", Rate.Flat(new(2)))], Noon.AddDays(2), Noon.AddDays(4)),
            Loaded("deck", 3, "UTC", [new("+", Rate.Flat(new(3)))], Noon.AddDays(1)),
        ];
        var book = new RateBook(1, [new("b", null, "deck")], versions, DateTimeOffset.MaxValue);
        Assert.Equal(["-", "1", "1", "3", "2", "3"], new[] { -1, 0, 0.99, 1, 3.99, 4 }.Select(days =>
            book.Price(Flat, Payer.Member, new(Number, ["b"]), new(Number, ["b"]), Noon.AddDays(days))?.A[0].Version[^1..] ?? "-"));
    }

    [Fact]
    public void A_silo_has_what_is_in_force_within_a_minute_and_knows_until_when_that_is_enough()
    {
        DeckVersion[] versions =
        [
            Version("one", 1, Noon.AddDays(-9)), Version("one", 2, Noon), Version("one", 3, Noon.AddSeconds(59)),
            Version("one", 4, Noon.AddSeconds(60)),
            Version("two", 1, Noon.AddDays(-1), Noon), Version("two", 2, Noon.AddDays(-2), Noon.AddSeconds(30)), Version("two", 3, Noon.AddDays(1)),
        ];
        var (needed, goodUntil) = DeckSchedule.Of(versions, Noon);
        Assert.Equal(["one@2", "one@3", "two@2"], needed.Select(version => version.Name));
        Assert.Equal(Noon.AddSeconds(60), goodUntil);
        Assert.Equal(DateTimeOffset.MaxValue, DeckSchedule.Of(versions, Noon.AddDays(2)).GoodUntil);
        Assert.Empty(DeckSchedule.Of([], Noon).Needed);
    }

    [Fact]
    public void A_silo_that_may_lack_a_version_prices_nothing()
    {
        var catalog = new RateCatalog(null);
        Assert.Null(catalog.At(Noon));
        catalog.Adopt(new(1, [], [], Noon.AddMinutes(1)));
        Assert.NotNull(catalog.At(Noon));
        Assert.Null(catalog.At(Noon.AddMinutes(1)));
    }

    static RateCard? Card(RateBook book, string trunk, Payer payer = Payer.Member) =>
        book.Price(Flat, payer, new(Number, [trunk]), new(Number, ["a"]), Noon);

    static LegRoute Leg(string number, string trunk) => new(PhoneNumber.FromE164(number), [trunk]);

    static LoadedVersion Loaded(
        string deck, int number, string zone, IReadOnlyList<DeckRate> rates, DateTimeOffset? from = null, DateTimeOffset? to = null) =>
        new(new(deck, number, "EUR", zone, from ?? DateTimeOffset.MinValue, to), new(rates));

    static DeckVersion Version(string deck, int number, DateTimeOffset from, DateTimeOffset? to = null) => new(deck, number, "EUR", "UTC", from, to);
}
