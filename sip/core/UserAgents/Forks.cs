namespace OrleansCallback.Sip;

/// <summary>The phones that one INVITE reached, each with a dialog of its own, told apart by their To tags (RFC 3261 section 12.1).</summary>
sealed class Forks(Func<Dialog, DialogUsage> register)
{
    /// <summary>The most phones that are kept apart while they ring; what more of them say before they answer is lost on us.</summary>
    const int MaxRinging = 16;

    /// <summary>The most phones in all: an answer beyond them too gets its ACK and its BYE (RFC 3261 section 13.2.2.4).</summary>
    const int MaxPhones = 64;

    readonly Dictionary<string, DialogUsage> phones = new(StringComparer.Ordinal);

    public IEnumerable<DialogUsage> All => phones.Values;

    /// <summary>The dialog of the phone that sent this response, made if it is the first; null when there are too many.</summary>
    public DialogUsage? Of(InviteAttempt attempt, SipMessage response, SentRequest invite)
    {
        var tag = response.To!.Tag;
        if (phones.TryGetValue(tag, out var known)) return known;
        if (phones.Count >= (response.StatusCode < 200 ? MaxRinging : MaxPhones)) return null;
        var usage = register(Dialog.OfCaller(attempt, response, invite.Destination));
        phones.Add(tag, usage);
        return usage;
    }

    /// <summary>The only phone that has spoken; null when there are none or several.</summary>
    public DialogUsage? Single => phones.Count == 1 ? phones.Values.First() : null;

    public void Remove(DialogUsage usage) => phones.Remove(usage.Dialog.Id.RemoteTag);

    public void Clear() => phones.Clear();
}
