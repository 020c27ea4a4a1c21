using System.Text.Json;

namespace OrleansCallback.Load;

/// <summary>The figures of one run, as the last line shows them.</summary>
public sealed record LoadReport
{
    public required string Store { get; init; }

    public required double Rate { get; init; }

    public required int Seconds { get; init; }

    public required double Hold { get; init; }

    /// <summary>Callbacks asked for.</summary>
    public required int Offered { get; init; }

    /// <summary>Callbacks a second that were really asked for.</summary>
    public required double OfferedRate { get; init; }

    /// <summary>Less than 99% of the rate was offered: the figures mean nothing.</summary>
    public bool Void => OfferedRate < Rate * 0.99;

    /// <summary>Callbacks of which both phones say so.</summary>
    public required int Completed { get; init; }

    /// <summary>The others, by outcome.</summary>
    public required IReadOnlyDictionary<string, int> Failed { get; init; }

    /// <summary>CPU per callback offered, by process.</summary>
    public required CpuShare CpuMs { get; init; }

    /// <summary>Resident memory of silo and web above that before the run, by callback that was up at the same moment.</summary>
    public required double? RssKbPerCall { get; init; }

    /// <summary>Callbacks that were up at once at most.</summary>
    public required int MostAtOnce { get; init; }

    /// <summary>From the request's start to the INVITE at the member's phone.</summary>
    public required Quantiles? ClickToInviteMs { get; init; }

    /// <summary>From the member's answer to the INVITE at the merchant's phone.</summary>
    public required Quantiles? AnswerToInviteMs { get; init; }

    /// <summary>Frames that the merchants of completed callbacks played and the members did not hear, in percent; a bridge that is late loses the first.</summary>
    public required double? AudioLostPercent { get; init; }

    /// <summary>Whether the read-only script found nothing and no hold is left.</summary>
    public required bool BooksBalance { get; init; }

    /// <summary>What the script found, if it found anything.</summary>
    public required IReadOnlyList<string> Violations { get; init; }

    static readonly JsonSerializerOptions Line = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    static readonly JsonSerializerOptions Page = new(Line) { WriteIndented = true };

    /// <summary>One line, or a page for people.</summary>
    public string ToJson(bool line) => JsonSerializer.Serialize(this, line ? Line : Page);
}

/// <summary>CPU milliseconds per callback from the operating system's account of each process.</summary>
public sealed record CpuShare(double Silo, double Web, double? Database);
