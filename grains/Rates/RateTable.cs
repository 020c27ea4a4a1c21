namespace OrleansCallback.Rates;

/// <summary>
/// Finds the rate of a number by longest prefix: immutable, made for a few hundred thousand prefixes. Numbers are read as 15 digits (ITU-T E.164),
/// filled up with zeros, so that each prefix is a range of them; the ranges, nested as prefixes are, are laid out flat, each piece with its longest
/// prefix. A look-up goes by the first digits to a few pieces and bisects those.
/// </summary>
public sealed class RateTable
{
    const int Digits = 15;
    const int IndexDigits = 5;
    const int None = -1;

    static readonly ulong[] PowersOfTen = Powers();

    readonly int[] index;
    readonly ulong[] starts;
    readonly int[] prefixes;
    readonly byte[] lengths;
    readonly int[] shorter;
    readonly int[] firstLine;
    readonly Line[] lines;

    /// <summary>Makes the table.</summary>
    /// <param name="rates">Lines of which no two overlap.</param>
    public RateTable(IEnumerable<DeckRate> rates)
    {
        var terms = new Dictionary<Rate, Rate>();
        var sorted = rates.Select(rate => (Start: Aligned(rate.Prefix), Length: rate.Prefix.Length - 1, Rate: rate))
            .OrderBy(line => line.Start).ThenBy(line => line.Length).ThenBy(line => line.Rate.Window is null).ToList();
        lines = [.. sorted.Select(line => Line.Of(line.Rate, terms))];
        var distinct = sorted.Select((line, n) => (line.Start, line.Length, First: n)).DistinctBy(prefix => (prefix.Start, prefix.Length)).ToList();
        lengths = [.. distinct.Select(prefix => (byte)prefix.Length)];
        firstLine = [.. distinct.Select(prefix => prefix.First), lines.Length];
        shorter = new int[distinct.Count];
        (starts, prefixes) = Flatten([.. distinct.Select(prefix => prefix.Start)]);
        index = Index();
    }

    /// <summary>How many lines it has.</summary>
    public int Count => lines.Length;

    /// <summary>The rate of a number at a moment: among the lines that count then, the one of the longest prefix.</summary>
    /// <param name="e164">The number with its plus sign.</param>
    /// <param name="at">The moment.</param>
    /// <param name="rate">The rate, when true is returned.</param>
    /// <param name="digits">How many digits of the number its prefix has.</param>
    public bool TryFind(ReadOnlySpan<char> e164, RateMoment at, out Rate? rate, out int digits)
    {
        for (var prefix = Longest(Aligned(e164)); prefix != None; prefix = shorter[prefix])
        {
            digits = lengths[prefix];
            if (digits >= e164.Length) continue; // the number is shorter and only its filling matched
            for (var line = firstLine[prefix]; line < firstLine[prefix + 1]; line++)
            {
                if (!lines[line].Counts(at)) continue;
                rate = lines[line].Rate;
                return true;
            }
        }

        (rate, digits) = (null, 0);
        return false;
    }

    int Longest(ulong number)
    {
        var bucket = (int)(number / PowersOfTen[Digits - IndexDigits]);
        var (at, beyond) = (index[bucket], index[bucket + 1] + 1);
        while (beyond - at > 1)
        {
            var middle = (at + beyond) >>> 1;
            if (starts[middle] <= number) at = middle;
            else beyond = middle;
        }

        return prefixes[at];
    }

    /// <summary>From nested ranges in order to pieces side by side; notes the next shorter prefix of each on the way.</summary>
    (ulong[] Starts, int[] Prefixes) Flatten(ulong[] begins)
    {
        var pieces = new List<(ulong Start, int Prefix)> { (0, None) };
        var open = new Stack<int>();
        for (var prefix = 0; prefix < begins.Length; prefix++)
        {
            CloseUpTo(begins[prefix]);
            shorter[prefix] = open.TryPeek(out var around) ? around : None;
            Add(begins[prefix], prefix);
            open.Push(prefix);
        }

        CloseUpTo(ulong.MaxValue);
        return ([.. pieces.Select(piece => piece.Start)], [.. pieces.Select(piece => piece.Prefix)]);

        void CloseUpTo(ulong start)
        {
            while (open.TryPeek(out var last) && begins[last] + PowersOfTen[Digits - lengths[last]] is var end && end <= start)
            {
                open.Pop();
                Add(end, open.TryPeek(out var around) ? around : None);
            }
        }

        void Add(ulong start, int prefix)
        {
            if (pieces[^1].Start == start) pieces[^1] = (start, prefix);
            else pieces.Add((start, prefix));
        }
    }

    /// <summary>For each beginning of a number the piece that it falls into.</summary>
    int[] Index()
    {
        var first = new int[(int)PowersOfTen[IndexDigits] + 1];
        var piece = 0;
        for (var bucket = 0; bucket < first.Length; bucket++)
        {
            while (piece + 1 < starts.Length && starts[piece + 1] <= (ulong)bucket * PowersOfTen[Digits - IndexDigits]) piece++;
            first[bucket] = piece;
        }

        return first;
    }

    static ulong Aligned(ReadOnlySpan<char> e164)
    {
        var value = 0UL;
        foreach (var digit in e164[1..]) value = value * 10 + (uint)(digit - '0');
        return value * PowersOfTen[Digits - (e164.Length - 1)];
    }

    static ulong[] Powers()
    {
        var powers = new ulong[Digits + 1];
        powers[0] = 1;
        for (var n = 1; n <= Digits; n++) powers[n] = powers[n - 1] * 10;
        return powers;
    }

    readonly record struct Line(Rate Rate, RateWindow? Window, long FromTicks, long ToTicks)
    {
        /// <summary>Equal terms are kept once: a deck has few.</summary>
        public static Line Of(DeckRate rate, Dictionary<Rate, Rate> terms)
        {
            if (!terms.TryGetValue(rate.Rate, out var shared)) terms[rate.Rate] = shared = rate.Rate;
            return new(shared, rate.Window, rate.ValidFrom?.UtcTicks ?? long.MinValue, rate.ValidTo?.UtcTicks ?? long.MaxValue);
        }

        public bool Counts(RateMoment at) =>
            FromTicks <= at.UtcTicks && at.UtcTicks < ToTicks && (Window is not { } window || window.Covers(at.MinuteOfWeek));
    }
}
