using CsCheck;
using OrleansCallback.Rates;

namespace OrleansCallback.Tests.Rates;

/// <summary>Decks by chance: few digits, so that prefixes nest and numbers meet them; hours, validities and gaps.</summary>
static class RandomDecks
{
    public static readonly DateTimeOffset Monday = new(2030, 3, 25, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Zones with and without summer time; Berlin and New York change it within the moments of <see cref="Moment"/>.</summary>
    public static Gen<string> Zone { get; } = Gen.OneOf(
        Gen.Const("UTC"), Gen.Const("Europe/Berlin"), Gen.Const("America/New_York"), Gen.Const("Asia/Kathmandu"), Gen.Const("Pacific/Kiritimati"));

    /// <summary>Any moment of three weeks, and the edges of hours and days.</summary>
    public static Gen<DateTimeOffset> Moment { get; } = Gen.OneOf(
        Gen.Long[0, 21 * TimeSpan.TicksPerDay].Select(ticks => Monday.AddTicks(ticks)),
        Gen.Select(Gen.Int[0, 21 * 24], Gen.Int[-1, 1], (hours, ticks) => Monday.AddHours(hours).AddTicks(ticks)).Where(at => at >= Monday));

    public static Gen<string> Number { get; } = Digits(4, 15);

    public static Gen<RateWindow?> Hours { get; } = Gen.OneOf(
        Gen.Const((RateWindow?)null),
        Gen.Select(Gen.Int[1, RateWindow.EveryDay], Gen.Int[0, 23], Gen.Int[1, 24]).Where(hours => hours.Item2 != hours.Item3)
            .Select((days, from, to) => (RateWindow?)new RateWindow(days, from * 60, to * 60)),
        Gen.Select(Gen.Int[1, RateWindow.EveryDay], Gen.Int[0, RateWindow.Day - 1], Gen.Int[1, RateWindow.Day])
            .Where(hours => hours.Item2 != hours.Item3).Select((days, from, to) => (RateWindow?)new RateWindow(days, from, to)));

    /// <summary>Lines that do not overlap: of two that would, the first stays.</summary>
    public static Gen<IReadOnlyList<DeckRate>> Deck { get; } = Gen.Select(Line(), Gen.Int).Array[0, 24].Select(
        lines => lines.Aggregate(new List<DeckRate>(), (deck, line) =>
        {
            if (!deck.Exists(line.Item1.Overlaps)) deck.Add(line.Item1);
            return deck;
        }) as IReadOnlyList<DeckRate>);

    static Gen<DeckRate> Line() => Gen.Select(
        Digits(0, 6), RandomRates.One, Hours, Gen.Select(Gen.Bool, Gen.Bool), Gen.Select(Moment, Moment), (prefix, rate, hours, limited, validity) =>
        {
            var (from, to) = validity.Item1 <= validity.Item2 ? validity : (validity.Item2, validity.Item1.AddTicks(1));
            return new DeckRate(prefix, rate)
            {
                Window = hours,
                ValidFrom = limited.Item1 ? from : null,
                ValidTo = limited.Item2 ? to.AddTicks(1) : null,
            };
        });

    static Gen<string> Digits(int fewest, int most) =>
        Gen.Int[1, 3].Array[fewest, most].Select(digits => digits.Aggregate("+", (text, digit) => text + digit));
}
