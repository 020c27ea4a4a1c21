using System.Data.Common;
using OrleansCallback.Calls;
using OrleansCallback.Rates;

namespace OrleansCallback.Silo.Rates;

/// <summary>Between the rows of the rates' tables and what they mean, for both drivers.</summary>
static class RateRows
{
    /// <summary>A payer's column that stands for all classes of payers.</summary>
    const string AllPayers = "all";

    public const string VersionColumns =
        "deck, number, currency, time_zone, valid_from, valid_to, lines, imported_by, imported_at, used_at";

    public const string LineColumns =
        """
        prefix, line, destination, per_minute, connect_fee, first_increment, next_increment, minimum, free_seconds, attempt_fee,
        days, from_minute, to_minute, valid_from, valid_to
        """;

    public static string PayerOf(Payer? payer) => payer is { } one ? WireName.Of(one) : AllPayers;

    public static DeckAssignment Assignment(DbDataReader row) => new(
        row.GetString(0), row.GetString(1) is var payer && payer == AllPayers ? null : WireName.Parse<Payer>(payer), row.GetString(2));

    public static StoredVersion Version(DbDataReader row, Func<int, DateTimeOffset> at) => new(
        new(row.GetString(0), row.GetInt32(1), row.GetString(2), row.GetString(3), at(4), row.IsDBNull(5) ? null : at(5)),
        row.GetInt32(6), row.GetString(7), at(8), row.IsDBNull(9) ? null : at(9));

    public static DeckRate Line(DbDataReader row, Func<int, DateTimeOffset> at)
    {
        var rate = new Rate
        {
            PerMinute = new(row.GetInt64(3)),
            ConnectFee = new(row.GetInt64(4)),
            FirstIncrement = row.GetInt32(5),
            NextIncrement = row.GetInt32(6),
            Minimum = new(row.GetInt64(7)),
            FreeSeconds = row.GetInt32(8),
            AttemptFee = new(row.GetInt64(9)),
        };
        return new(row.GetString(0), rate)
        {
            Line = row.GetInt32(1),
            Destination = row.GetString(2),
            Window = row.IsDBNull(10) ? null : new(row.GetInt16(10), row.GetInt16(11), row.GetInt16(12)),
            ValidFrom = row.IsDBNull(13) ? null : at(13),
            ValidTo = row.IsDBNull(14) ? null : at(14),
        };
    }
}
