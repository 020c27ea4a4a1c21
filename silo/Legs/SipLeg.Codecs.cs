using OrleansCallback.Sip;

namespace OrleansCallback.Silo.Legs;

/// <summary>What the leg speaks. It begins with G.711, which hold audio and prompts are, and may get a wider codec with its bridge.</summary>
sealed partial class SipLeg
{
    volatile BridgedCodecs? codecs;

    /// <summary>The SDP that the INVITE carries.</summary>
    public byte[] FirstOffer => (local with { Codecs = [.. local.Codecs.Where(AudioCodecs.IsG711)] }).Offer();

    /// <summary>All codecs that the trunk allows, in order of preference.</summary>
    public IReadOnlyList<AudioCodec> Allowed => local.Codecs;

    /// <summary>The pair that this leg is bridged in, where that may change its codec.</summary>
    public BridgedCodecs? Codecs
    {
        get => codecs;
        set => codecs = value;
    }

    /// <summary>Offers other codecs by re-INVITE.</summary>
    /// <param name="wanted">In order of preference.</param>
    /// <param name="isOptional">Whether the call can do without an answer.</param>
    /// <param name="busy">Called if that is not possible now.</param>
    public void Offer(IReadOnlyList<AudioCodec> wanted, bool isOptional, Action busy)
    {
        var posted = signalling.TryPost((agent, now) =>
        {
            if (agent.OfferCodecs(Key, wanted, now, isOptional) is CommandResult.Busy or CommandResult.WrongState) busy();
        });
        if (!posted) busy();
    }

    /// <summary>Says with which codecs the peer's own offers are answered from now on.</summary>
    public void AnswerWith(IReadOnlyList<AudioCodec> allowed, AudioCodec? preferred) =>
        signalling.TryPost((agent, _) => agent.SetCodecs(Key, allowed, preferred));

    /// <summary>The peer made an offer of its own, and has our answer.</summary>
    void TakeChange(AgreedAudio? agreed)
    {
        Follow(agreed);
        if (agreed is not null) codecs?.Changed(this, agreed.Codec);
    }

    void TakeAnswer(ReinviteDone done)
    {
        if (done.Code >= 300)
        {
            codecs?.Refused(this);
            return;
        }

        if (!done.Sdp.IsEmpty) Follow(done.Agreed);
        codecs?.Answered(this, done.Agreed?.Codec);
    }
}
