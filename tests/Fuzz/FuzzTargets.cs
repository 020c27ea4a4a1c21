namespace OrleansCallback.Fuzz;

/// <summary>What inputs are thrown at.</summary>
public interface IFuzzTarget
{
    /// <summary>Its name on the command line.</summary>
    string Name { get; }

    /// <summary>Inputs to begin with.</summary>
    IReadOnlyList<byte[]> Corpus { get; }

    /// <summary>
    /// Takes one input and says in a word what became of it: an input with a word that was not seen before is kept and mutated further. Throws
    /// when something is broken.
    /// </summary>
    string Take(byte[] input, Random random);
}

/// <summary>All targets.</summary>
public static class FuzzTargets
{
    /// <summary>In the order in which they run.</summary>
    /// <param name="trace">Gets what the last agent went through; null leaves it out.</param>
    public static IReadOnlyList<IFuzzTarget> All(List<string>? trace = null) => 
        [new ParserTarget(), new StreamTarget(), new SdpTarget(), new AgentTarget { Trace = trace }];
}
