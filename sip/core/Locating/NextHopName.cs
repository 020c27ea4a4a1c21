namespace OrleansCallback.Sip;

/// <summary>The name that requests in a dialog would go to after a message that makes or moves the dialog (RFC 3261 section 12).</summary>
static class NextHopName
{
    /// <summary>Null when that is an address, or nothing.</summary>
    public static Target? Of(SipMessage message)
    {
        // The callee's route set starts with the first Record-Route, the caller's with the last (RFC 3261 section 12.1).
        var routes = message.Addresses(HeaderId.RecordRoute);
        var next = routes.Count > 0 ? routes[message.IsRequest ? 0 : ^1] : message.Addresses(HeaderId.Contact) is [var contact, ..] ? contact : null;
        if (next is null || !SipUri.TryParse(next.Uri, out var uri)) return null;
        var target = Target.Of(uri);
        return target.IsNamed ? target : null;
    }
}
