using System.Globalization;
using System.Text;

namespace OrleansCallback.Rates.Files;

/// <summary>The columns of a deck's file, and how a line is written.</summary>
public static class DeckColumns
{
    /// <summary>All columns in the order in which they are written; a file may have them in any order.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "prefix", "destination", "currency", "price_per_minute", "connect_fee", "first_increment", "next_increment", "minimum", "free_seconds",
        "attempt_fee", "days", "from", "to", "valid_from", "valid_to",
    ];

    /// <summary>Those that a file must have.</summary>
    public static readonly IReadOnlyList<string> Needed = ["prefix", "currency", "price_per_minute"];

    /// <summary>How the prefix of all numbers is written.</summary>
    public const string AllNumbers = "all";

    /// <summary>The first line of a file.</summary>
    public static string Header { get; } = string.Join(',', All) + "\n";

    /// <summary>The fields of a line; those that say nothing are empty.</summary>
    public static string[] Fields(DeckRate line, string currency)
    {
        var rate = line.Rate;
        return
        [
            line.Prefix.Length == 1 ? AllNumbers : line.Prefix[1..], line.Destination, currency, Amount(rate.PerMinute), Fee(rate.ConnectFee),
            Number(rate.FirstIncrement), Number(rate.NextIncrement), Fee(rate.Minimum), rate.FreeSeconds == 0 ? "" : Number(rate.FreeSeconds),
            Fee(rate.AttemptFee), line.Window?.DaysText() ?? "", Time(line.Window?.From), Time(line.Window?.To), Moment(line.ValidFrom),
            Moment(line.ValidTo),
        ];
    }

    /// <summary>Lines as they stand in a file.</summary>
    public static string Text(IEnumerable<DeckRate> lines, string currency)
    {
        var text = new StringBuilder();
        foreach (var line in lines) text.AppendJoin(',', Fields(line, currency).Select(Quoted)).Append('\n');
        return text.ToString();
    }

    /// <summary>An amount with as many decimals as it has.</summary>
    public static string Amount(Money amount) => (amount.Micros / 1_000_000m).ToString("0.######", CultureInfo.InvariantCulture);

    static string Fee(Money amount) => amount == Money.Zero ? "" : Amount(amount);

    static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    static string Time(int? minute) => minute is { } time ? RateWindow.TimeText(time) : "";

    static string Moment(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";

    static string Quoted(string field) =>
        field.AsSpan().ContainsAny(",\"\r\n") ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
}
