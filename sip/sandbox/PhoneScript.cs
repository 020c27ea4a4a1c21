namespace OrleansCallback.Sip.Sandbox;

/// <summary>What an answered phone says.</summary>
public enum PhoneVoice
{
    /// <summary>Frames that carry the phone's own number and a counter (<see cref="NumberedFrame"/>), every 20 ms.</summary>
    Numbered,

    /// <summary>Each payload that it hears, at once.</summary>
    Echo,

    /// <summary>Nothing.</summary>
    Silent,
}

/// <summary>How a phone of the sandbox behaves when it is called. All times may be zero.</summary>
public sealed record PhoneScript
{
    /// <summary>From the INVITE to 180 Ringing.</summary>
    public TimeSpan RingAfter { get; init; }

    /// <summary>From the INVITE to 200; null: never.</summary>
    public TimeSpan? AnswerAfter { get; init; }

    /// <summary>From the answer to the phone's BYE; null: never by itself.</summary>
    public TimeSpan? HangUpAfter { get; init; }

    /// <summary>The final response with which the phone refuses, 300 to 699; null: it does not refuse.</summary>
    public int? RejectWith { get; init; }

    /// <summary>From the INVITE to the refusal; it rings before only if <see cref="RingAfter"/> is shorter.</summary>
    public TimeSpan RejectAfter { get; init; }

    /// <summary>What the phone says once it is answered.</summary>
    public PhoneVoice Voice { get; init; } = PhoneVoice.Numbered;

    /// <summary>Keys that it presses, in their order.</summary>
    public IReadOnlyList<KeyPress> Keys { get; init; } = [];

    /// <summary>Answers after the given seconds and hangs up the given seconds after that; null: never by itself.</summary>
    public static PhoneScript Answers(double afterSeconds, double? hangsUpAfterSeconds = null) => new()
    {
        AnswerAfter = TimeSpan.FromSeconds(afterSeconds),
        HangUpAfter = hangsUpAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
    };

    /// <summary>Answers after the given seconds and presses keys, the first after so many seconds more and each further one three seconds later.</summary>
    public static PhoneScript Presses(double afterSeconds, double keyAfterSeconds, string keys) => Answers(afterSeconds) with
    {
        Keys = [.. keys.Select((key, n) => new KeyPress(key, TimeSpan.FromSeconds(keyAfterSeconds + (3 * n))))],
    };

    /// <summary>Refuses at once.</summary>
    public static PhoneScript Rejects(int code) => new() { RejectWith = code };

    /// <summary>Rings for ever.</summary>
    public static PhoneScript NeverAnswers { get; } = new();
}
