using System.Globalization;
using System.Net;

namespace OrleansCallback.Tests.Sipp;

/// <summary>A SIP message as SIPp's own trace (<c>-trace_msg</c>) shows it.</summary>
/// <param name="At">When SIPp read or wrote it, to the microsecond; local time.</param>
/// <param name="Received">Whether it came from the system under test.</param>
/// <param name="Text">The message.</param>
public sealed record WireMessage(DateTime At, bool Received, string Text)
{
    const string Rule = "----------------------------------------------- ";
    const string TimeFormat = "yyyy-MM-dd HH:mm:ss.ffffff";

    /// <summary>Request line or status line.</summary>
    public string StartLine { get; } = Text.Split('\n', 2)[0].TrimEnd('\r');

    /// <summary>Method of a request; null for a response.</summary>
    public string? Method => StartLine.StartsWith("SIP/2.0 ", StringComparison.Ordinal) ? null : StartLine.Split(' ')[0];

    /// <summary>Status code of a response; null for a request.</summary>
    public int? Code => Method is null ? int.Parse(StartLine.Split(' ')[1], CultureInfo.InvariantCulture) : null;

    /// <summary>Call-ID.</summary>
    public string CallId => Header("Call-ID");

    /// <summary>Method in CSeq.</summary>
    public string CSeqMethod => Header("CSeq").Split(' ')[^1];

    /// <summary>Value of the first header field of this name, empty if there is none.</summary>
    public string Header(string name) =>
        Text.Split('\n').TakeWhile(line => line.Trim().Length > 0)
            .FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim() ?? "";

    /// <summary>Where the sender's SDP takes audio (RFC 4566 sections 5.7 and 5.14); throws if there is none.</summary>
    public IPEndPoint AudioAddress
    {
        get
        {
            var lines = Text.Split('\n').Select(line => line.Trim()).ToList();
            var address = lines.Last(line => line.StartsWith("c=IN IP", StringComparison.Ordinal)).Split(' ')[2];
            var port = lines.First(line => line.StartsWith("m=audio ", StringComparison.Ordinal)).Split(' ')[1];
            return new IPEndPoint(IPAddress.Parse(address), int.Parse(port, CultureInfo.InvariantCulture));
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{At:HH:mm:ss.ffffff} {(Received ? "->" : "<-")} {StartLine}{(Method is null ? $" ({CSeqMethod})" : "")}";

    /// <summary>Reads a trace; a message that is still being written is left out.</summary>
    public static IReadOnlyList<WireMessage> ReadTrace(string trace) =>
        [.. trace.Split(Rule, StringSplitOptions.RemoveEmptyEntries).Select(Read).OfType<WireMessage>()];

    static WireMessage? Read(string block)
    {
        var lines = block.Split('\n', 4);
        if (lines.Length < 4 || !DateTime.TryParseExact(lines[0].Trim(), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at))
            return null;
        return new WireMessage(at, lines[1].Contains(" received ", StringComparison.Ordinal), lines[3].TrimStart('\n', '\r'));
    }
}
