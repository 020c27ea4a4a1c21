using System.Globalization;

namespace OrleansCallback.Rates.Files;

/// <summary>Reads the lines of a file whose columns are known. Every wrong field of a line is told, not the first alone.</summary>
sealed class DeckLineReader
{
    const int LongestDestination = 100;
    const int LongestPrefix = 15;
    const int Decimals = 6;

    const string PrefixRule = "write the country code and as many digits more as there are, at most 15, such as 4930, or all";

    readonly Dictionary<string, int> columns;
    readonly TimeZoneInfo zone;
    readonly string currency;
    readonly DeckErrors errors;
    int line;
    List<string> fields = [];
    bool good;

    DeckLineReader(Dictionary<string, int> columns, TimeZoneInfo zone, string currency, DeckErrors errors) =>
        (this.columns, this.zone, this.currency, this.errors) = (columns, zone, currency, errors);

    /// <summary>The reader for a header; null: it cannot be used.</summary>
    public static DeckLineReader? For(IReadOnlyList<string> header, TimeZoneInfo zone, string currency, DeckErrors errors)
    {
        var (columns, before) = (new Dictionary<string, int>(), errors.Count);
        for (var n = 0; n < header.Count; n++)
        {
            var name = header[n];
            if (!DeckColumns.All.Contains(name))
                errors.Add(1, name, name, $"is no column; write some of {string.Join(", ", DeckColumns.All)}, separated by commas");
            else if (!columns.TryAdd(name, n))
                errors.Add(1, name, name, "is there twice");
        }

        foreach (var missing in DeckColumns.Needed.Where(name => !columns.ContainsKey(name)))
            errors.Add(1, missing, null, "is missing");
        return errors.Count == before ? new(columns, zone, currency, errors) : null;
    }

    /// <summary>Reads a line; null: it is wrong.</summary>
    public DeckRate? Read(int number, List<string> record)
    {
        (line, fields, good) = (number, record, true);
        if (record.Count != columns.Count)
        {
            errors.Add(line, null, null, record is [""] ? "is empty"
                : FormattableString.Invariant($"has {record.Count} fields, the first line names {columns.Count} columns"));
            return null;
        }

        CheckCurrency();
        var read = new DeckRate(Prefix(), Terms())
        {
            Line = number,
            Destination = Destination(),
            Window = Window(),
            ValidFrom = Moment("valid_from"),
            ValidTo = Moment("valid_to"),
        };
        if (read.ValidTo <= read.ValidFrom) Wrong("valid_to", "is not after valid_from");
        return good ? read : null;
    }

    Rate Terms() => new()
    {
        PerMinute = Amount("price_per_minute", needed: true),
        ConnectFee = Amount("connect_fee"),
        FirstIncrement = Seconds("first_increment", 1, Rate.LongestIncrement, 1),
        NextIncrement = Seconds("next_increment", 1, Rate.LongestIncrement, 1),
        Minimum = Amount("minimum"),
        FreeSeconds = Seconds("free_seconds", 0, Rate.LongestFree, 0),
        AttemptFee = Amount("attempt_fee"),
    };

    void CheckCurrency()
    {
        if (Field("currency") != currency) Wrong("currency", $"write {currency}, the currency of this site");
    }

    string Prefix()
    {
        var text = Field("prefix");
        if (text == DeckColumns.AllNumbers) return Trunks.RouteTable.All;
        var digits = text.StartsWith('+') ? text.AsSpan(1) : text;
        if (digits.Length is < 1 or > LongestPrefix || digits.ContainsAnyExceptInRange('0', '9') || digits[0] == '0')
            Wrong("prefix", PrefixRule);
        return $"+{digits}";
    }

    string Destination()
    {
        var text = Field("destination");
        if (text.Length > LongestDestination || text.Any(char.IsControl))
            Wrong("destination", $"has a line end or more than {LongestDestination} characters");
        else if (text is ['=' or '+' or '-' or '@', ..]) Wrong("destination", "begins as a formula of a spreadsheet does");
        return text;
    }

    RateWindow? Window()
    {
        var (days, from, to) = (Field("days"), Field("from"), Field("to"));
        if (days.Length == 0 && from.Length == 0 && to.Length == 0) return null;
        if (!RateWindow.TryParseDays(days, out var set)) Wrong("days", "write days such as mon-fri or sat sun, or nothing for every day");
        if (from.Length == 0 && to.Length == 0) return new(set, 0, RateWindow.Day);
        var (start, end) = (Time("from", 0, RateWindow.Day - 1), Time("to", 1, RateWindow.Day));
        if (start == end) Wrong("to", "is the same as from: write nothing in both for the whole day");
        return new(set, start, end);
    }

    int Time(string column, int earliest, int latest)
    {
        if (RateWindow.TryParseTime(Field(column), out var minute) && minute >= earliest && minute <= latest) return minute;
        Wrong(column, $"write a time, {RateWindow.TimeText(earliest)} to {RateWindow.TimeText(latest)}");
        return -earliest - 1;
    }

    DateTimeOffset? Moment(string column)
    {
        var text = Field(column);
        if (text.Length == 0) return null;
        if (!DeckMoment.TryParse(text, zone, out var at)) Wrong(column, DeckMoment.Rule);
        return at;
    }

    int Seconds(string column, int least, int most, int otherwise)
    {
        var text = Field(column);
        if (text.Length == 0) return otherwise;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds < least || seconds > most)
            Wrong(column, FormattableString.Invariant($"write whole seconds, {least} to {most}"));
        return seconds;
    }

    Money Amount(string column, bool needed = false)
    {
        var text = Field(column);
        if (text.Length == 0 && !needed) return Money.Zero;
        if (!TryAmount(text, out var micros)) Wrong(column, $"write an amount such as 0.0125: digits, a point, at most {Decimals} decimals, no sign");
        else if (new Money(micros) > Rate.Most) Wrong(column, $"write an amount of at most {DeckColumns.Amount(Rate.Most)}");
        return new(micros);
    }

    /// <summary>Digits alone are read: a comma may stand for thousands or for decimals, and a float has no exact value.</summary>
    static bool TryAmount(ReadOnlySpan<char> text, out long micros)
    {
        micros = 0;
        var point = text.IndexOf('.');
        var whole = point < 0 ? text : text[..point];
        var part = point < 0 ? [] : text[(point + 1)..];
        if (whole.Length is < 1 or > 9 || part.Length > Decimals || (point >= 0 && part.IsEmpty)) return false;
        if (whole.ContainsAnyExceptInRange('0', '9') || part.ContainsAnyExceptInRange('0', '9')) return false;
        foreach (var digit in whole) micros = micros * 10 + (digit - '0');
        for (var n = 0; n < Decimals; n++) micros = micros * 10 + (n < part.Length ? part[n] - '0' : 0);
        return true;
    }

    string Field(string column) => columns.TryGetValue(column, out var n) ? fields[n] : "";

    void Wrong(string column, string problem)
    {
        good = false;
        errors.Add(line, column, columns.ContainsKey(column) ? Field(column) : null, problem);
    }
}
