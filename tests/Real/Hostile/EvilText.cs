namespace OrleansCallback.Tests.Hostile;

/// <summary>What must never come out of a log as it went in: terminal commands, control characters, and lines that pretend to be the log's own.</summary>
public static class EvilText
{
    /// <summary>Colours, a window title, a bell, bare ends of lines, C0 and C1 controls, DEL.</summary>
    public const string InALine = "\u001b[31m\u001b]0;owned\u0007\u0001\u0008\u000b\u000c\u007f\u009b2J\rFORGED-CR\nFORGED-LF\0";

    /// <summary>The same and a folded line (RFC 3261 section 7.3.1).</summary>
    public const string Folded = InALine + "\r\n FORGED-FOLD\u001b[2J";

    /// <summary>Every header that this stack reads or might be tempted to tell of.</summary>
    public static IReadOnlyList<string> Headers { get; } =
    [
        "Via", "From", "To", "Call-ID", "CSeq", "Contact", "Max-Forwards", "Record-Route", "Route", "Content-Type", "Content-Length", "Content-Encoding",
        "Content-Disposition", "Expires", "Min-Expires", "Session-Expires", "Min-SE", "Require", "Proxy-Require", "Supported", "Unsupported", "Allow", "Accept",
        "Reason", "Warning", "Retry-After", "RSeq", "RAck", "Subject", "User-Agent", "Server", "Organization", "Authorization", "Proxy-Authorization",
        "WWW-Authenticate", "Proxy-Authenticate", "P-Asserted-Identity", "Privacy", "Diversion", "History-Info", "Path", "Service-Route", "Event", "Date",
        "Timestamp", "Alert-Info", "Error-Info", "Refer-To", "Replaces", "X-Evil\u001b[31m",
    ];

    /// <summary>What is wrong with a log; empty if nothing is.</summary>
    public static IReadOnlyList<string> FaultsOf(string log, Func<string, bool> isLine) =>
        [.. log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.Any(c => char.IsControl(c)) || !isLine(line)).Select(line => Uri.EscapeDataString(line))];
}
