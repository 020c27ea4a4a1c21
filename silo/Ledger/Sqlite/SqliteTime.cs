using Microsoft.Data.Sqlite;

namespace OrleansCallback.Silo.Ledger.Sqlite;

/// <summary>Times in the file are microseconds since 1970 UTC, as precise as PostgreSQL's.</summary>
static class SqliteTime
{
    /// <summary>This machine's clock, which is the database's.</summary>
    public const string Now = "cast(unixepoch('subsec') * 1000000 as integer)";

    public static long Of(DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset At(this SqliteDataReader reader, int column) =>
        DateTimeOffset.UnixEpoch.AddMicroseconds(reader.GetInt64(column));

    public static string? Text(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static long? Long(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);
}
