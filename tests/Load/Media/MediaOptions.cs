namespace OrleansCallback.Load.Media;

/// <summary>What a run is asked for.</summary>
/// <param name="Legs">Legs, two a call.</param>
/// <param name="Talk">Whether the two of a call talk with each other; otherwise every leg hears hold audio.</param>
/// <param name="Seconds">For how long.</param>
/// <param name="Peer">Whether rtpengine gets the same traffic afterwards.</param>
/// <param name="Json">Whether the last line is one JSON object.</param>
public sealed record MediaOptions(int Legs, bool Talk, int Seconds, bool Peer, bool Json)
{
    const int MostCalls = 1500, MostLegs = 2 * MostCalls;

    /// <summary>Reads the command line; null if it is wrong.</summary>
    public static MediaOptions? TryParse(bool talk, string[] args, out string error)
    {
        var line = new CommandLine(args);
        var legs = talk ? 2 * line.Whole("calls", 100) : line.Whole("legs", 100);
        var peer = line.Text("peer", "");
        var options = new MediaOptions(legs, talk, line.Whole("seconds", 10), peer == "rtpengine", line.Json);
        if (talk) line.Check(legs is > 0 and <= MostLegs, $"--calls is a number from 1 to {MostCalls}.");
        else line.Check(legs is > 0 and <= MostLegs, $"--legs is a number from 1 to {MostLegs}.");
        line.Check(options.Seconds is > 0 and <= 600, "--seconds is a number from 1 to 600.");
        line.Check(peer is "" or "rtpengine", "--peer is rtpengine.");
        line.Check(talk || peer.Length == 0, "--peer goes with media: rtpengine is driven as a relay only.");
        error = line.Error;
        return error.Length == 0 ? options : null;
    }
}
