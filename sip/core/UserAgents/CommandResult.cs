namespace OrleansCallback.Sip;

/// <summary>What a command did. None of these is an error of the program.</summary>
public enum CommandResult
{
    /// <summary>Done, or under way; the rest comes as events.</summary>
    Done,
    /// <summary>No call with this key; as a rule because it is over.</summary>
    UnknownCall,
    /// <summary>Invite: there is a call with this key already.</summary>
    AlreadyKnown,
    /// <summary>The call is not in a state for this command.</summary>
    WrongState,
    /// <summary>Reinvite, Update: another offer or change of this call is still open (RFC 3264 section 4).</summary>
    Busy,
    /// <summary>Update: the peer does not list UPDATE in Allow (RFC 3311 section 4).</summary>
    Unsupported,
    /// <summary>Invite: the user agent has <see cref="UserAgentOptions.MaxCalls"/> calls; a <see cref="Refused"/> event follows.</summary>
    Full,
}
