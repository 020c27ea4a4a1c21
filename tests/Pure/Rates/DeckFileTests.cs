using System.Text;
using CsCheck;
using OrleansCallback.Rates;
using OrleansCallback.Rates.Files;

namespace OrleansCallback.Tests.Rates;

public sealed class DeckFileTests
{
    const string Header = "prefix,currency,price_per_minute,first_increment,days,from,to,valid_from,valid_to,destination\n";

    static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Fact]
    public void A_file_is_read_with_columns_in_any_order_and_defaults_for_those_that_it_has_not()
    {
        var file = Read(""""
            currency,price_per_minute,prefix,next_increment,destination,days,from,to,valid_from
            EUR,0.0125,4930,6,"Berlin, ""Mitte""",mon-fri,08:00,18:30,2026-07-01
            EUR,1,all,,,,,,
            EUR,0,+1,,,,,,2026-07-01T00:00:00Z
            """");
        Assert.Equal(0, file.Errors.Count);
        Assert.Equal(
            [
                new DeckRate("+4930", new() { PerMinute = new(12_500), NextIncrement = 6 })
                {
                    Line = 2, Destination = "Berlin, \"Mitte\"", Window = new(31, 480, 1_110), ValidFrom = new(2026, 6, 30, 22, 0, 0, TimeSpan.Zero),
                },
                new DeckRate("+", new() { PerMinute = new(1_000_000) }) { Line = 3 },
                new DeckRate("+1", new() { PerMinute = Money.Zero }) { Line = 4, ValidFrom = new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero) },
            ],
            file.Lines);
    }

    [Fact]
    public void Any_deck_that_is_written_reads_back() =>
        RandomDecks.Deck.Sample(deck =>
        {
            if (deck.Count == 0) return;
            var lines = deck.Select((line, n) => line with
            {
                Line = n + 2,
                ValidFrom = Whole(line.ValidFrom),
                ValidTo = Whole(line.ValidTo)?.AddSeconds(1),
                Destination = n % 2 == 0 ? "" : $"a,\"{n}\"",
            }).ToList();
            var file = Read(DeckColumns.Header + DeckColumns.Text(lines, "EUR"));
            Assert.Equal(lines, file.Lines);
            Assert.All(file.Errors.First, error => Assert.Contains("is for the same numbers", error.Problem, StringComparison.Ordinal));
        });

    [Theory]
    [InlineData("49,EUR,0.1,,,,,,", null, null, "has 9 fields, the first line names 10 columns")]
    [InlineData("", null, null, "is empty")]
    [InlineData("49,EUR,\"0.1\" ,,,,,,,", null, null, "a quote stands around a whole field")]
    [InlineData(",EUR,0.1,,,,,,,", "prefix", "", "write the country code")]
    [InlineData("0049,EUR,0.1,,,,,,,", "prefix", "0049", "write the country code")]
    [InlineData("49x,EUR,0.1,,,,,,,", "prefix", "49x", "write the country code")]
    [InlineData("+,EUR,0.1,,,,,,,", "prefix", "+", "write the country code")]
    [InlineData("4912345678901234,EUR,0.1,,,,,,,", "prefix", "4912345678901234", "at most 15")]
    [InlineData("49,USD,0.1,,,,,,,", "currency", "USD", "write EUR")]
    [InlineData("49,eur,0.1,,,,,,,", "currency", "eur", "write EUR")]
    [InlineData("49,EUR,,,,,,,,", "price_per_minute", "", "write an amount")]
    [InlineData("49,EUR,\"0,1\",,,,,,,", "price_per_minute", "0,1", "write an amount")]
    [InlineData("49,EUR,-0.1,,,,,,,", "price_per_minute", "-0.1", "no sign")]
    [InlineData("49,EUR,1e-3,,,,,,,", "price_per_minute", "1e-3", "write an amount")]
    [InlineData("49,EUR,0.1234567,,,,,,,", "price_per_minute", "0.1234567", "at most 6 decimals")]
    [InlineData("49,EUR,1.,,,,,,,", "price_per_minute", "1.", "write an amount")]
    [InlineData("49,EUR,.5,,,,,,,", "price_per_minute", ".5", "write an amount")]
    [InlineData("49,EUR,1000000.000001,,,,,,,", "price_per_minute", "1000000.000001", "at most 1000000")]
    [InlineData("49,EUR,0.1,0,,,,,,", "first_increment", "0", "1 to 3600")]
    [InlineData("49,EUR,0.1,1.5,,,,,,", "first_increment", "1.5", "whole seconds")]
    [InlineData("49,EUR,0.1,,monday,,,,,", "days", "monday", "mon-fri")]
    [InlineData("49,EUR,0.1,,,08:00,,,,", "to", "", "write a time, 00:01 to 24:00")]
    [InlineData("49,EUR,0.1,,,8:00,18:00,,,", "from", "8:00", "write a time, 00:00 to 23:59")]
    [InlineData("49,EUR,0.1,,,08:00,08:00,,,", "to", "08:00", "is the same as from")]
    [InlineData("49,EUR,0.1,,,20:00,00:00,,,", "to", "00:00", "24:00")]
    [InlineData("49,EUR,0.1,,,,,01.07.2026,,", "valid_from", "01.07.2026", "such as 2026-01-31")]
    [InlineData("49,EUR,0.1,,,,,2026-02-30,,", "valid_from", "2026-02-30", "such as 2026-01-31")]
    [InlineData("49,EUR,0.1,,,,,2026-07-01,2026-07-01,", "valid_to", "2026-07-01", "is not after valid_from")]
    [InlineData("49,EUR,0.1,,,,,,,=1+1", "destination", "=1+1", "formula")]
    [InlineData("49,EUR,0.1,,,,,,,\"a\nb\"", "destination", "a\uFFFDb", "line end")]
    public void A_wrong_field_is_told_with_its_line_and_value_and_what_to_write(string text, string? column, string? value, string problem)
    {
        var file = Read($"{Header}1,EUR,0.1,,,,,,,\n{text}\n44,EUR,0.1,,,,,,,\n");
        var error = Assert.Single(file.Errors.First);
        Assert.Equal((3, column, value), (error.Line, error.Column, error.Value));
        Assert.Contains(problem, error.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prefix;currency;price_per_minute\n49;EUR;0.1\n", "prefix;currency;price_per_minute", "is no column")]
    [InlineData("prefix,currency,price_per_minute,prise\n", "prise", "is no column")]
    [InlineData("prefix,currency,price_per_minute,prefix\n", "prefix", "is there twice")]
    [InlineData("prefix,currency\n", "price_per_minute", "is missing")]
    [InlineData("prefix,currency,price_per_minute\n", null, "has no line")]
    [InlineData("", null, "the file is empty")]
    public void A_header_that_cannot_be_used_is_told(string text, string? column, string problem) =>
        Assert.Contains(
            Read(text).Errors.First,
            error => error.Line == 1 && error.Column == column && error.Problem.Contains(problem, StringComparison.Ordinal));

    [Theory]
    [InlineData("49,EUR,0.1,,,,,,,", "49,EUR,0.2,,,,,,,", "line 3 is for the same numbers and times")]
    [InlineData("49,EUR,0.1,,mon-fri,,,,,", "+49,EUR,0.2,,fri-sun,,,,,", "some of the same times")]
    [InlineData("49,EUR,0.1,,,20:00,08:00,,,", "49,EUR,0.2,,,07:00,09:00,,,", "some of the same times")]
    [InlineData("49,EUR,0.1,,,,,2026-01-01,,", "49,EUR,0.2,,,,,,2026-01-02,", "some of the same times")]
    [InlineData("49,EUR,0.1,,,,,,,", "49,EUR,0.2,,mon-fri,,,,,", null)]
    [InlineData("49,EUR,0.1,,mon-fri,08:00,18:00,,,", "49,EUR,0.2,,mon-fri,18:00,20:00,,,", null)]
    [InlineData("49,EUR,0.1,,,,,2026-01-01,,", "49,EUR,0.2,,,,,,2026-01-01,", null)]
    [InlineData("49,EUR,0.1,,,,,,,", "490,EUR,0.2,,,,,,,", null)]
    public void Two_lines_that_could_count_at_one_moment_are_told(string one, string two, string? problem)
    {
        var errors = Read($"{Header}1,EUR,0.1,,,,,,,\n{one}\n{two}\n").Errors;
        Assert.Equal(problem is null ? 0 : 1, errors.Count);
        if (problem is null) return;
        Assert.Equal((4, "prefix"), (errors.First[0].Line, errors.First[0].Column));
        Assert.Contains(problem, errors.First[0].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void All_errors_are_counted_and_the_first_hundred_are_told()
    {
        var file = Read(Header + string.Concat(Enumerable.Repeat("x,USD,,,,,,,,\n", 400)));
        Assert.Equal((1_200, 100, 2), (file.Errors.Count, file.Errors.First.Count, file.Errors.First[0].Line));
        Assert.Equal(35, file.Errors.First[^1].Line);
    }

    [Fact]
    public void A_prefix_has_at_most_64_lines()
    {
        var lines = Enumerable.Range(0, 65).Select(n => FormattableString.Invariant($"49,EUR,0.1,,,,,{2000 + n}-01-01,{2000 + n}-02-01,\n"));
        var error = Assert.Single(Read(Header + string.Concat(lines)).Errors.First);
        Assert.Equal((66, "a prefix has at most 64 lines"), (error.Line, error.Problem));
    }

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_told_with_their_line()
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes(Header + "49,EUR,0.1,,,,,,,é\n44,EUR,0.1,,,,,,,"), 0xE9, .. "\n"u8];
        var error = Assert.Single(DeckFile.Read(bytes, Berlin, "EUR").Errors.First);
        Assert.Equal(3, error.Line);
        Assert.Contains("UTF-8", error.Problem, StringComparison.Ordinal);
        Assert.Single(DeckFile.Read([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Header + "49,EUR,0.1,,,,,,,")], Berlin, "EUR").Lines);
    }

    [Fact]
    public void A_deck_has_at_most_half_a_million_lines()
    {
        var text = new StringBuilder("prefix,currency,price_per_minute\n");
        for (var n = 0; n <= DeckFile.MostLines; n++) text.Append(1_000_000 + n).Append(",EUR,1\n");
        var error = Assert.Single(Read(text.ToString()).Errors.First);
        Assert.Equal((DeckFile.MostLines + 2, "a deck has at most 500000 lines"), (error.Line, error.Problem));
    }

    [Fact]
    public void Any_file_is_read_or_told_wrong() =>
        Gen.Select(Gen.OneOf(Gen.Const(Header), Gen.Const(DeckColumns.Header), Gen.Const("")), Gen.Char[' ', '~'].Array[0, 12].Array[0, 30])
            .Sample((header, cells) =>
            {
                var body = cells.Select((cell, n) => new string(cell) + (n % 10 == 9 ? "\n" : ","));
                var file = Read(header + string.Concat(body));
                Assert.True(file.Lines.Count > 0 || file.Errors.Count > 0);
            });

    [Fact]
    public void A_difference_counts_every_line_and_shows_the_first_of_each_kind() =>
        Gen.Select(RandomDecks.Deck, Gen.Int).Sample((deck, seed) =>
        {
            var random = new Random(seed);
            var numbered = deck.Select((line, n) => line with { Line = n + 2 }).ToList();
            var kept = numbered.Where(_ => random.Next(3) > 0).ToList();
            var changed = kept.Where(_ => random.Next(2) == 0).ToHashSet();
            var after = kept.Select(line => changed.Contains(line) ? line with { Destination = "another" } : line with { Line = 0 }).ToList();
            var added = Enumerable.Range(0, random.Next(15)).Select(n => new DeckRate($"+9{n}", Rate.Flat(new(1))) { Line = n }).ToList();
            var difference = DeckDifference.Between(numbered, after.Concat(added));
            Assert.Equal(
                (added.Count, changed.Count, numbered.Count - kept.Count, kept.Count - changed.Count),
                (difference.Added, difference.Changed, difference.Removed, difference.Unchanged));
            Assert.Equal(
                Math.Min(10, added.Count) + Math.Min(10, changed.Count) + Math.Min(10, numbered.Count - kept.Count), difference.Samples.Count);
            Assert.All(difference.Samples, sample => Assert.NotEqual(sample.Before, sample.After));
        });

    static DateTimeOffset? Whole(DateTimeOffset? at) => at?.AddTicks(-(at.Value.Ticks % TimeSpan.TicksPerSecond));

    static DeckFile Read(string text) => DeckFile.Read(Encoding.UTF8.GetBytes(text), Berlin, "EUR");
}
