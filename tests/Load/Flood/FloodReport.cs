using System.Text.Json;

namespace OrleansCallback.Load.Flood;

/// <summary>What a flood did to the calls and to the silo.</summary>
public sealed record FloodReport
{
    /// <summary>Datagrams a second that were asked for.</summary>
    public required int Rate { get; init; }

    /// <summary>Datagrams a second that were sent.</summary>
    public required double SentRate { get; init; }

    /// <summary>Datagrams sent.</summary>
    public required long Sent { get; init; }

    /// <summary>Datagrams that the silo took from the operating system meanwhile, those of the calls included.</summary>
    public required double Received { get; init; }

    /// <summary>Answers that the strangers got.</summary>
    public required long Answered { get; init; }

    /// <summary>What the silo refused, by the reasons of its own counter.</summary>
    public required IReadOnlyDictionary<string, double> Dropped { get; init; }

    /// <summary>Calls that were up when the flood began.</summary>
    public required int Calls { get; init; }

    /// <summary>Calls that were up when it had ended.</summary>
    public required int CallsAfter { get; init; }

    /// <summary>Calls that both phones call completed, after they were hung up.</summary>
    public required int Completed { get; init; }

    /// <summary>Of 100 frames that merchants played, so many did not reach the member.</summary>
    public required double AudioLostPercent { get; init; }

    /// <summary>CPU of the silo in ms a second, calls alone.</summary>
    public required double CpuMsPerSecondBefore { get; init; }

    /// <summary>CPU of the silo in ms a second under the flood.</summary>
    public required double CpuMsPerSecondDuring { get; init; }

    /// <summary>Resident memory of the silo in KiB before.</summary>
    public required long RssKbBefore { get; init; }

    /// <summary>The most while it went on.</summary>
    public required long RssKbMost { get; init; }

    /// <summary>Whether the books balance and no hold is left.</summary>
    public required bool BooksBalance { get; init; }

    /// <summary>The flood was weaker than what was asked for: the run does not count.</summary>
    public bool Void => SentRate < 0.99 * Rate;

    /// <summary>Every call stood through it and ended well.</summary>
    public bool Held => CallsAfter == Calls && Completed == Calls && BooksBalance;

    static readonly JsonSerializerOptions Line = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    static readonly JsonSerializerOptions Lines = new(Line) { WriteIndented = true };

    /// <summary>One JSON object, in one line or in many.</summary>
    public string ToJson(bool oneLine) => JsonSerializer.Serialize(this, oneLine ? Line : Lines);
}
