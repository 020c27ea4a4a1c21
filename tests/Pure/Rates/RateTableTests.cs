using CsCheck;
using OrleansCallback.Rates;

namespace OrleansCallback.Tests.Rates;

public sealed class RateTableTests
{
    const int Prefixes = 200_000;

    static readonly RateMoment Any = new(0, 0);

    [Fact]
    public void Ten_thousand_decks_give_the_line_that_a_person_would_look_up() =>
        Gen.Select(RandomDecks.Deck, RandomDecks.Zone, RandomDecks.Moment, RandomDecks.Number).Sample((deck, zone, at, number) =>
        {
            var expected = ReferenceRater.Find(deck, zone, at, number);
            var moment = RateMoment.Of(at, TimeZoneInfo.FindSystemTimeZoneById(zone));
            var found = new RateTable(deck).TryFind(number, moment, out var rate, out var digits);
            Assert.Equal((expected is not null, expected?.Rate), (found, rate));
            if (found) Assert.Equal(expected!.Prefix, number[..(digits + 1)]);
        }, iter: 10_000);

    [Theory]
    [InlineData("+4915112345678", "+4915")]
    [InlineData("+4930", "+49")]
    [InlineData("+493", "+49")]
    [InlineData("+49300", "+49300")]
    [InlineData("+4930012", "+493001")]
    [InlineData("+999999999999999", "+9")]
    [InlineData("+100000000000000", "+")]
    public void The_longest_prefix_that_the_number_has_decides(string number, string prefix)
    {
        string[] prefixes = ["+", "+49", "+4915", "+49300", "+493001", "+9", "+999999999999998"];
        var table = new RateTable(prefixes.Select((text, n) => new DeckRate(text, Rate.Flat(new(n)))));
        Assert.True(table.TryFind(number, Any, out var rate, out var digits));
        Assert.Equal((prefix, Rate.Flat(new(Array.IndexOf(prefixes, prefix)))), (number[..(digits + 1)], rate));
    }

    [Fact]
    public void A_number_that_no_prefix_fits_has_no_rate()
    {
        Assert.False(new RateTable([]).TryFind("+4930", Any, out _, out _));
        Assert.False(new RateTable([new("+49", Rate.Flat(new(1)))]).TryFind("+4830", Any, out var rate, out _));
        Assert.Null(rate);
    }

    [Fact]
    public void Every_number_under_one_of_200_000_prefixes_has_a_rate()
    {
        var random = new Random(1);
        var prefixes = Enumerable.Range(0, 2 * Prefixes).Select(_ => RandomDigits(random, random.Next(3, 9))).Distinct().Take(Prefixes).ToList();
        var table = new RateTable(prefixes.Select(prefix => new DeckRate(prefix, Rate.Flat(new(prefix.Length)))));
        Assert.Equal(Prefixes, table.Count);
        for (var n = 0; n < 50_000; n++)
        {
            var number = prefixes[random.Next(prefixes.Count)] + RandomDigits(random, 6)[1..];
            Assert.True(table.TryFind(number, Any, out Rate? _, out int _), number);
        }
    }

    static string RandomDigits(Random random, int digits)
    {
        var text = new char[digits + 1];
        text[0] = '+';
        for (var n = 1; n <= digits; n++) text[n] = (char)('0' + random.Next(n == 1 ? 1 : 0, 10));
        return new(text);
    }
}
