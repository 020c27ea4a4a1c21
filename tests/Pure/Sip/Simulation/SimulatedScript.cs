using System.Net;
using OrleansCallback.Sip;

namespace OrleansCallback.Tests.Sip;

/// <summary>What both sides of simulated calls do by chance, and the count of what came of it.</summary>
sealed class SimulatedScript(VirtualNetwork network, SortedDictionary<string, int> tally)
{
    static readonly MediaDirection[] Directions = Enum.GetValues<MediaDirection>();

    /// <summary>Something happens within so many seconds.</summary>
    public void Later(double maxSeconds, Action action) => network.After(TimeSpan.FromSeconds(network.Random.NextDouble() * maxSeconds), action);

    /// <summary>Some calls are changed by this side, perhaps by both at a time, and some are hung up.</summary>
    public void Talk(UserAgent agent, IPEndPoint address, string key)
    {
        for (var i = network.Random.Next(4); i > 0; i--)
        {
            var moved = (Audio(address, 5000 + 2 * network.Random.Next(100)) with { Direction = Any(Directions), Version = 2 }).Offer();
            switch (network.Random.Next(3))
            {
                case 0: Later(40, () => Count("re-INVITE", agent.Reinvite(key, moved, network.Now))); break;
                case 1: Later(40, () => Count("UPDATE", agent.Update(key, moved, network.Now))); break;
                default: Later(40, () => Count("empty UPDATE", agent.Update(key, default, network.Now))); break;
            }
        }
        if (network.Chance(0.3)) Later(60, () => agent.HangUp(key, HangUpReason.Normal, network.Now));
    }

    public T Any<T>(T[] choices) => choices[network.Random.Next(choices.Length)];

    public void Tell(string who, CallEvent e)
    {
        var what = e switch
        {
            Refused refused => $"Refused {refused.Code}",
            Ended ended => $"Ended {ended.Cause}",
            ReinviteDone done => $"ReinviteDone {done.Code}",
            UpdateDone done => $"UpdateDone {done.Code}",
            _ => e.GetType().Name,
        };
        Add($"{who} {what}");
    }

    public void Count(string what, CommandResult result)
    {
        if (result == CommandResult.Done) Add(what);
    }

    public void Add(string what) => tally[what] = tally.GetValueOrDefault(what) + 1;

    /// <summary>One side's description of its media.</summary>
    public static LocalAudio Audio(IPEndPoint address, int port) => new(new IPEndPoint(address.Address, port), 1);

    /// <summary>An answer to the other side's offer; an offer where there was none.</summary>
    public static byte[] Describe(ReadOnlyMemory<byte> offer, LocalAudio local) => offer.IsEmpty ? local.Offer()
        : OfferAnswer.Answer(offer.Span, local, out var answer, out _) == SdpResult.Agreed ? answer
        : throw new InvalidOperationException("an offer cannot be answered");
}
