using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;

namespace OrleansCallback.Bench;

/// <summary>Whole calls through the user agent: parser, transactions, dialogs, timers, writer.</summary>
public class CallBenchmarks
{
    const int Legs = 512;
    readonly TwoLegs.Leg[] legs = new TwoLegs.Leg[2 * Legs];
    TwoLegs agent = null!;

    [IterationSetup]
    public void Prepare()
    {
        agent = new TwoLegs();
        for (var i = 0; i < legs.Length; i++) legs[i] = agent.Prepare();
    }

    [Benchmark(Description = "two legs: INVITE, 180, 200, ACK, BYE, 200, all timers", OperationsPerInvoke = Legs)]
    public int TwoLegsToTheEnd()
    {
        for (var i = 0; i < legs.Length; i += 2)
        {
            agent.Establish(legs[i]);
            agent.Establish(legs[i + 1]);
            agent.Pass(TimeSpan.FromMilliseconds(20));
            agent.PhoneHangsUp(legs[i + 1]);
            agent.HangUp(legs[i]);
        }

        agent.Pass(TimeSpan.FromSeconds(70));
        return agent.Agent.Calls == 0 ? 0 : throw new InvalidOperationException($"{agent.Agent.Calls} calls are left.");
    }
}
