using Npgsql;
using NpgsqlTypes;

namespace OrleansCallback.Silo.Ledger.Postgres;

/// <summary>
/// The arrays of one call of <c>ledger_write</c>, filled row by row and used again for the next batch. The order in which columns are made
/// is the order of the function's parameters.
/// </summary>
sealed class BatchColumns
{
    readonly List<Action> clear = [];
    readonly List<NpgsqlParameter> parameters = [];

    public IReadOnlyList<NpgsqlParameter> Parameters => parameters;

    public List<string?> Text() => Column<string?>(NpgsqlDbType.Text);

    public List<long> Long() => Column<long>(NpgsqlDbType.Bigint);

    public List<long?> LongOrNull() => Column<long?>(NpgsqlDbType.Bigint);

    public List<int> Int() => Column<int>(NpgsqlDbType.Integer);

    public List<short> Short() => Column<short>(NpgsqlDbType.Smallint);

    public List<bool> Bool() => Column<bool>(NpgsqlDbType.Boolean);

    public List<bool?> BoolOrNull() => Column<bool?>(NpgsqlDbType.Boolean);

    public List<DateTime> Time() => Column<DateTime>(NpgsqlDbType.TimestampTz);

    public List<DateTime?> TimeOrNull() => Column<DateTime?>(NpgsqlDbType.TimestampTz);

    public void Clear()
    {
        foreach (var column in clear) column();
    }

    List<T> Column<T>(NpgsqlDbType type)
    {
        var column = new List<T>();
        clear.Add(column.Clear);
        parameters.Add(new NpgsqlParameter<List<T>> { TypedValue = column, NpgsqlDbType = NpgsqlDbType.Array | type });
        return column;
    }
}
