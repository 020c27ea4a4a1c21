namespace OrleansCallback.Sip;

/// <summary>A snapshot of a dialog (RFC 3261 section 12): enough to go on with it elsewhere. Plain strings and numbers.</summary>
/// <param name="CallId">Call-ID.</param>
/// <param name="LocalTag">Our tag.</param>
/// <param name="RemoteTag">The peer's tag; empty when it gave none.</param>
/// <param name="LocalParty">Our From value in requests, without tag.</param>
/// <param name="RemoteParty">The peer's address, our To value in requests, without tag.</param>
/// <param name="LocalCSeq">The number of our last request.</param>
/// <param name="RemoteCSeq">The number of the peer's last request; 0 when there was none.</param>
/// <param name="RouteSet">Route values in the order in which we send them.</param>
/// <param name="RemoteTarget">The peer's Contact URI.</param>
/// <param name="LocalContact">Our Contact URI.</param>
/// <param name="PeerAddress">"address:port" of the peer, used when the next hop is a name and no number.</param>
/// <param name="LocalSdp">Our last description, without the keys of a=crypto: whoever goes on with the dialog offers new ones.</param>
/// <param name="RemoteSdp">The peer's last description, without its keys.</param>
public sealed record DialogState(
    string CallId,
    string LocalTag,
    string RemoteTag,
    string LocalParty,
    string RemoteParty,
    int LocalCSeq,
    int RemoteCSeq,
    IReadOnlyList<string> RouteSet,
    string RemoteTarget,
    string LocalContact,
    string PeerAddress,
    string LocalSdp,
    string RemoteSdp);
