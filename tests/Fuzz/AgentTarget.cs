using OrleansCallback.Sip;

namespace OrleansCallback.Fuzz;

/// <summary>
/// The whole user agent with calls in every state. Inputs arrive between what real peers, the application and the clock do; places like
/// {call} in an input are filled from messages that the agent has sent, so that mutated messages reach its dialogs and transactions. After some
/// inputs all calls are ended: then nothing may be left.
/// </summary>
sealed class AgentTarget : IFuzzTarget
{
    const int InputsPerAgent = 48;

    AgentUnderFuzz? agent;
    int inputs;

    public string Name => "agent";

    /// <summary>What the agent that broke had been through; kept with the option --trace 1.</summary>
    public List<string>? Trace { get; init; }

    public IReadOnlyList<byte[]> Corpus { get; } = Fuzz.Corpus.Of("sip");

    public string Take(byte[] input, Random random)
    {
        if (agent is null)
        {
            Trace?.Clear();
            agent = new AgentUnderFuzz(random, Trace);
        }

        for (var steps = random.Next(3); steps > 0; steps--) agent.Step();
        var seen = agent.Take(input);
        if (++inputs % InputsPerAgent != 0) return seen;
        agent.End();
        agent = null;
        return seen;
    }
}
