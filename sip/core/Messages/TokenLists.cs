namespace OrleansCallback.Sip;

/// <summary>Header fields that are lists of tokens: Allow, Supported, Require (RFC 3261 sections 20.5, 20.32, 20.37).</summary>
static class TokenLists
{
    /// <summary>True when the field lists this token; option tags and the like ignore case.</summary>
    public static bool Lists(this SipMessage message, HeaderId field, string token)
    {
        foreach (var value in message.Values(field))
        {
            if (System.Text.Ascii.EqualsIgnoreCase(value, token)) return true;
        }
        return false;
    }
}
