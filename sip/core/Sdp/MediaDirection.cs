namespace OrleansCallback.Sip;

/// <summary>Which way media may flow, from the view of the side that says it (RFC 8866 section 6.7).</summary>
public enum MediaDirection
{
    /// <summary>Both ways; the default.</summary>
    SendRecv,
    /// <summary>The speaker only sends.</summary>
    SendOnly,
    /// <summary>The speaker only receives.</summary>
    RecvOnly,
    /// <summary>No media.</summary>
    Inactive,
}

/// <summary>Rules about directions.</summary>
public static class MediaDirections
{
    /// <summary>True when the side that says this sends media.</summary>
    public static bool Sends(this MediaDirection direction) => direction is MediaDirection.SendRecv or MediaDirection.SendOnly;

    /// <summary>True when the side that says this wants media.</summary>
    public static bool Receives(this MediaDirection direction) => direction is MediaDirection.SendRecv or MediaDirection.RecvOnly;

    /// <summary>What is left of our own wish when the peer says <paramref name="theirs"/> (RFC 3264 section 6.1).</summary>
    public static MediaDirection Against(this MediaDirection ours, MediaDirection theirs) =>
        Of(ours.Sends() && theirs.Receives(), ours.Receives() && theirs.Sends());

    internal static MediaDirection Of(bool sends, bool receives) => (sends, receives) switch
    {
        (true, true) => MediaDirection.SendRecv,
        (true, false) => MediaDirection.SendOnly,
        (false, true) => MediaDirection.RecvOnly,
        _ => MediaDirection.Inactive,
    };

    internal static string Attribute(this MediaDirection direction) => direction switch
    {
        MediaDirection.SendRecv => "sendrecv",
        MediaDirection.SendOnly => "sendonly",
        MediaDirection.RecvOnly => "recvonly",
        _ => "inactive",
    };

    internal static bool TryParse(string attribute, out MediaDirection direction)
    {
        (var known, direction) = attribute switch
        {
            "sendrecv" => (true, MediaDirection.SendRecv),
            "sendonly" => (true, MediaDirection.SendOnly),
            "recvonly" => (true, MediaDirection.RecvOnly),
            "inactive" => (true, MediaDirection.Inactive),
            _ => (false, MediaDirection.SendRecv),
        };
        return known;
    }
}
