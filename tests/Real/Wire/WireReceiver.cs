using System.Collections.Concurrent;

namespace OrleansCallback.Tests.Wire;

/// <summary>What a receiver says that it got, to be compared with what was seen on the wire: a judge who was shown nothing finds no fault.</summary>
sealed class WireReceiver
{
    readonly ConcurrentDictionary<string, int> messagesOfCall = new(StringComparer.Ordinal);

    /// <summary>So many messages more of this call; of any call where it is empty.</summary>
    public void Add(string callId, int messages) => messagesOfCall.AddOrUpdate(callId, messages, (_, before) => before + messages);

    /// <summary>What is missing in the Call-IDs of the messages that were seen.</summary>
    /// <param name="seen">A Call-ID for each message.</param>
    /// <param name="tolerance">The share of all messages that may be missing; of each call one must have been seen.</param>
    public IEnumerable<string> Missing(IReadOnlyCollection<string> seen, double tolerance)
    {
        var known = seen.ToHashSet(StringComparer.Ordinal);
        foreach (var (call, messages) in messagesOfCall)
        {
            if (call.Length > 0 && messages > 0 && !known.Contains(call)) yield return $"none of the {messages} messages of call {call}";
        }

        var said = messagesOfCall.Values.Sum();
        if (seen.Count < Math.Ceiling(said * (1 - tolerance))) yield return $"{seen.Count} of at least {said} messages";
    }
}

/// <summary>What tshark made of a run.</summary>
/// <param name="Faults">Messages that it finds fault with.</param>
/// <param name="Messages">Messages that it read.</param>
/// <param name="Missing">What went to a receiver and was not read.</param>
public sealed record WireVerdict(IReadOnlyList<string> Faults, int Messages, IReadOnlyList<string> Missing);
