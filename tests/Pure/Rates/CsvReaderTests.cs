using CsCheck;
using OrleansCallback.Rates.Files;

namespace OrleansCallback.Tests.Rates;

public sealed class CsvReaderTests
{
    static readonly Gen<string> Field = Gen.OneOf(Gen.Char['a', 'd'], Gen.Const(','), Gen.Const('"'), Gen.Const('\n'), Gen.Const('é')).Array[0, 6]
        .Select(chars => new string(chars));

    [Fact]
    public void What_is_written_by_the_rules_reads_back_with_the_lines_where_records_begin() =>
        Gen.Select(Field.Array[1, 4].Array[1, 6], Gen.Bool, Gen.Bool).Sample((records, carriageReturns, lastEnds) =>
        {
            var end = carriageReturns ? "\r\n" : "\n";
            var written = records.Select(fields => string.Join(',', fields.Select(Quoted))).ToList();
            var text = string.Join(end, written) + (lastEnds ? end : "");
            if (text.Length == 0) return;
            var read = All(text);
            Assert.Equal(lastEnds || written[^1].Length > 0 ? records : records[..^1], read.Select(record => record.Fields));
            var line = 1;
            foreach (var (record, n) in read.Select((record, n) => (record, n)))
            {
                Assert.Equal((line, null), (record.Line, record.Wrong));
                line += 1 + written[n].Count(c => c == '\n');
            }
        });

    [Theory]
    [InlineData("a\"b,c\nd", 1, "a quote stands")]
    [InlineData("x\n\"a\"b,c\nd", 2, "a quote stands")]
    [InlineData("x\ny\n\"a\nb", 3, "a quote is opened and not closed")]
    [InlineData("x\ry\n", 1, "a line ends")]
    public void What_breaks_the_rules_is_told_with_its_line_and_the_next_record_is_read(string text, int line, string problem)
    {
        var wrong = Assert.Single(All(text), record => record.Wrong is not null);
        Assert.Equal(line, wrong.Line);
        Assert.StartsWith(problem, wrong.Wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_is_read_to_its_end() =>
        Gen.OneOf(Gen.Const(','), Gen.Const('"'), Gen.Const('\n'), Gen.Const('\r'), Gen.Char['a', 'b']).Array[0, 40].Sample(chars =>
            Assert.InRange(All(new(chars)).Count, 0, chars.Length));

    static List<(int Line, string? Wrong, string[] Fields)> All(string text)
    {
        var (records, fields) = (new List<(int, string?, string[])>(), new List<string>());
        var reader = new CsvReader(text);
        while (reader.TryRead(fields)) records.Add((reader.Line, reader.Wrong, [.. fields]));
        return records;
    }

    static string Quoted(string field) =>
        field.AsSpan().ContainsAny(",\"\n") ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
}
