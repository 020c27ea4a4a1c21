using System.Diagnostics;
using System.Globalization;

namespace OrleansCallback.Fuzz;

/// <summary>What a run saw.</summary>
/// <param name="Target">Its target.</param>
/// <param name="Seed">What to start with to see the same again.</param>
/// <param name="Inputs">Inputs taken.</param>
/// <param name="Kept">Inputs that showed something new.</param>
/// <param name="Elapsed">Time.</param>
/// <param name="Failure">The first input that broke something, and how.</param>
public sealed record FuzzReport(string Target, int Seed, long Inputs, int Kept, TimeSpan Elapsed, string? Failure)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Target}: {Inputs:N0} inputs in {Elapsed.TotalSeconds:F1} s, seed {Seed}, {Kept} kept for what they showed, {(Failure is null ? "nothing broke" : $"BROKE: {Failure}")}");
}

/// <summary>One target under mutated inputs of a seed. Not bound to a clock, so that a seed gives the same run anywhere.</summary>
public sealed class FuzzRun(IFuzzTarget target, int seed)
{
    /// <summary>Inputs that showed something new and are mutated further; the oldest make room.</summary>
    const int MostKept = 4_000;

    readonly Random random = new(seed);
    readonly List<byte[]> pool = [.. target.Corpus];
    readonly HashSet<string> seen = [];
    int kept;

    /// <summary>Runs until so many inputs were taken, the time is over, or something broke.</summary>
    public FuzzReport Run(long inputs, TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        var mutator = new Mutator(random);
        long taken = 0;
        while (taken < inputs && ((taken & 255) != 0 || clock.Elapsed < limit))
        {
            // The corpus itself comes first, as it is.
            var input = taken < target.Corpus.Count ? target.Corpus[(int)taken] : mutator.Mutate(pool);
            taken++;
            try
            {
                if (seen.Add(target.Take(input, random))) Keep(input);
            }
            catch (Exception error)
            {
                return new(target.Name, seed, taken, kept, clock.Elapsed, $"{error}\n{Convert.ToBase64String(input)}");
            }
        }

        return new(target.Name, seed, taken, kept, clock.Elapsed, null);
    }

    void Keep(byte[] input)
    {
        kept++;
        if (pool.Count < MostKept) pool.Add(input);
        else pool[target.Corpus.Count + random.Next(MostKept - target.Corpus.Count)] = input;
    }
}
