using System.Text.Json;
using OrleansCallback.Calls;
using OrleansCallback.Sip;
using OrleansCallback.Sip.Net;
using OrleansCallback.Sip.Net.Media;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Silo.Legs;

/// <summary>
/// One leg that this silo holds: a SIP call, its audio, and the news of both. Commands come from grains, events from the signalling loop and
/// the media plane; each takes the leg's own lock for a moment and never waits inside it.
/// </summary>
sealed partial class SipLeg : IDisposable
{
    /// <summary>An answer that cannot be used counts as a refusal for that reason (RFC 3261 section 21.4.26, Q.850 cause 88).</summary>
    const int NotAcceptable = 488, IncompatibleDestination = 88;

    readonly Lock gate = new();
    readonly LegAttempt attempt;
    readonly LocalAudio local;
    readonly SignallingLoop signalling;
    readonly LegNewsQueue news;
    readonly TimeProvider time;
    readonly ITimer ringLimit;
    readonly TrunkHealth? health; // none for a registered phone
    readonly Func<Announcement, AudioClip> say;
    readonly Action<SipLeg> ended;
    long answeredAt;
    TimeSpan granted;
    MediaRemote? remote;
    bool answered;
    bool told;
    bool rang;
    bool over;
    bool sent;
    bool heard;
    bool held;
    LegEnd? intent;
    ITimer? turn;
    ITimer? responseLimit;

    public SipLeg(
        LegAttempt attempt, MediaLeg media, LocalAudio local, SignallingLoop signalling, LegNewsQueue news, TrunkHealth? health, TimeProvider time,
        Func<Announcement, AudioClip> say, Action<SipLeg> ended)
    {
        (this.health, this.say) = (health, say);
        (this.attempt, Media, this.local, this.signalling, this.news, this.time, this.ended) = (attempt, media, local, signalling, news, time, ended);
        ringLimit = time.CreateTimer(_ => EndRinging(), null, attempt.RingLimit, Timeout.InfiniteTimeSpan);
    }

    public MediaLeg Media { get; }

    public string Key => attempt.Key;

    public string Trunk => attempt.Trunk;

    public string Callback => attempt.Callback;

    /// <summary>Completes when the session has made this leg's end durable.</summary>
    public Task Told => news.Told;

    TimeSpan SinceAnswer => time.GetElapsedTime(answeredAt);

    /// <summary>An event of the SIP call; called on the signalling loop.</summary>
    public void On(Sip.CallEvent happened)
    {
        switch (happened)
        {
            case Trying: Heard(); break;
            case Ringing ringing: Rang(ringing.Code); break;
            case Answered answer: Answer(answer); break;
            case MediaChanged changed when answered: TakeChange(changed.Agreed); break;
            case ReinviteDone done: TakeAnswer(done); break;
            case KeyPressed pressed: Pressed(pressed.Key); break;
            case RemoteHungUp bye: End(LegEnd.RemoteHungUp, bye.SipCode, bye.Q850); break;
            case Refused { Source: RefusedBy.Peer } refused:
                health?.Refused(Trunk, refused, new(0, default, LegEnd.Refused, refused.Code, refused.Q850, null, 0, 0, rang));
                End(LegEnd.Refused, refused.Code, refused.Q850);
                break;
            case Refused refused:
                if (refused.Source == RefusedBy.Timeout) health?.Failed(Trunk, "INVITE was not answered");
                if (refused.Source == RefusedBy.Transport) health?.Failed(Trunk, "INVITE could not be sent");
                End(refused.Source == RefusedBy.Local ? LegEnd.NoCapacity : LegEnd.TrunkFailed, refused.Code, refused.Q850);
                break;
            case Ended { Cause: EndCause.HungUp }: End(LegEnd.HungUp); break;
            case Ended { Cause: EndCause.RingingLimit }: End(LegEnd.NoAnswer); break;
            case TerminalEvent: End(LegEnd.Failed); break;
        }
    }

    /// <summary>An event of the leg's audio; called on a thread of the media plane.</summary>
    public void On(MediaLegEvent happened)
    {
        if (happened.Kind == MediaLegEventKind.GrantLow) news.Add((number, at) => new LegGrantLow(number, at, SinceAnswer));
        if (happened.Kind == MediaLegEventKind.GrantEnded) EndWith(LegEnd.GrantEnded);
        if (happened.Kind == MediaLegEventKind.GrantEnding) Warn();
        if (happened.Kind == MediaLegEventKind.Played) Played();
        if (happened.Kind == MediaLegEventKind.KeyPressed) announcement?.OnKey(happened.Key);
        if (happened.Kind == MediaLegEventKind.AddressTaken) EndWith(LegEnd.Failed); // its trunk's next legs get ports of their own
    }

    /// <summary>Sends the INVITE when its turn has come, unless the leg was ended before.</summary>
    /// <param name="wait">Until its turn.</param>
    /// <param name="send">Hands it to the signalling loop; false: the loop's queue is full.</param>
    public void Invite(TimeSpan wait, Func<bool> send)
    {
        if (wait <= TimeSpan.Zero) SendNow(send);
        else turn = time.CreateTimer(_ => SendNow(send), null, wait, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Completes when the ACK is on its way: the merchant is not rung before, not even by another silo.</summary>
    /// <param name="grant">Its paid time.</param>
    /// <param name="holdAudio">It hears hold audio from now on.</param>
    /// <param name="said">What it is told; null: nothing.</param>
    public async Task<LegCommandResult> AcknowledgeAsync(LegGrant grant, bool holdAudio, Announcement? said)
    {
        lock (gate)
        {
            if (over || !answered) return LegCommandResult.NoSuchLeg;
            Grant(grant);
        }

        var acknowledged = new TaskCompletionSource<CommandResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        var posted = signalling.TryPost((agent, now) => acknowledged.TrySetResult(agent.Acknowledge(Key, now)));
        if (!posted || await acknowledged.Task == CommandResult.UnknownCall) return LegCommandResult.NoSuchLeg;
        var hold = holdAudio && !Interlocked.Exchange(ref held, true);
        if (said is not null) Announce(said, hold);
        else if (hold) Media.Hold();
        return LegCommandResult.Done;
    }

    public LegCommandResult Extend(LegGrant grant)
    {
        lock (gate)
        {
            if (over || !answered) return LegCommandResult.NoSuchLeg;
            Grant(grant);
            return LegCommandResult.Done;
        }
    }

    /// <summary>Ends the leg for a reason of this side's: the first reason is the one that is told.</summary>
    public void EndWith(LegEnd reason)
    {
        bool unsent;
        lock (gate)
        {
            if (over) return;
            intent ??= reason;
            unsent = !sent;
        }

        announcement?.Dispose();
        Media.BeSilent();
        if (unsent) End(LegEnd.HungUp);
        else signalling.TryHangUp(Key, ReasonOf(reason));
    }

    public void Dispose()
    {
        ringLimit.Dispose();
        announcement?.Dispose();
        leaving?.Dispose();
        turn?.Dispose();
        responseLimit?.Dispose();
    }

    /// <summary>A hang-up that sees the INVITE as sent comes after it: both are handed over under the lock.</summary>
    void SendNow(Func<bool> send)
    {
        lock (gate)
        {
            if (over || intent is not null) return;
            sent = send();
            if (sent && attempt.ResponseLimit is { } limit)
                responseLimit = time.CreateTimer(_ => GiveUpTrunk(), null, limit, Timeout.InfiniteTimeSpan);
        }

        if (!sent) End(LegEnd.NoCapacity);
    }

    void Heard()
    {
        lock (gate)
        {
            heard = true;
            responseLimit?.Dispose();
        }
    }

    /// <summary>The ring limit: a phone did not answer, or the trunk did not even say that it tries.</summary>
    void EndRinging()
    {
        bool silence;
        lock (gate) silence = sent && !heard;
        if (silence) GiveUpTrunk();
        else EndWith(LegEnd.NoAnswer);
    }

    /// <summary>
    /// Nothing at all was answered. The leg is over for its call, which tries another trunk; should the carrier wake up, the user agent still
    /// cancels, or acknowledges and hangs up.
    /// </summary>
    void GiveUpTrunk()
    {
        lock (gate)
        {
            if (over || heard || intent is not null) return;
        }

        health?.Failed(Trunk, "INVITE was not answered");
        signalling.TryHangUp(Key, HangUpReason.Normal);
        End(LegEnd.TrunkFailed);
    }

    void Rang(int code)
    {
        var rings = code is 180 or 183;
        health?.Called(Trunk);
        lock (gate)
        {
            if (rang || (told && !rings)) return;
            (told, rang) = (true, rings);
        }

        news.Add((number, at) => new LegRinging(number, at, code));
    }

    void Answer(Answered answer)
    {
        health?.Called(Trunk);
        ringLimit.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (!Follow(answer.Agreed))
        {
            EndWith(LegEnd.NoMedia);
            return;
        }

        lock (gate)
        {
            if (over || intent is not null) return;
            answered = true;
            answeredAt = time.GetTimestamp();
        }

        Media.StartClock();
        news.Add((number, at) => new LegAnswered(number, at, JsonSerializer.Serialize(answer.Dialog)));
    }

    /// <summary>Lets audio follow what both descriptions agree on. A party that gives up its stream, or cannot be understood, is sent nothing.</summary>
    bool Follow(AgreedAudio? stream)
    {
        if (stream is not null) remote = new MediaRemote(stream.Remote, MediaFormat.Of(stream), stream.Direction.Sends()) { Srtp = stream.Srtp };
        else if (remote is not null) remote = remote with { Receives = false };
        else return false;
        Media.SetRemote(remote);
        return true;
    }

    /// <summary>What CANCEL or BYE tells the network (RFC 3326, ITU-T Q.850).</summary>
    static HangUpReason ReasonOf(LegEnd end) => end switch
    {
        LegEnd.NoAnswer => new HangUpReason(Q850: 19, Text: "No answer"),
        LegEnd.GrantEnded => new HangUpReason(Q850: 16, Text: "Credit used up"),
        LegEnd.NoMedia => new HangUpReason(IncompatibleDestination, NotAcceptable, "No common media"),
        _ => HangUpReason.Normal,
    };

    /// <summary>Leg B's paid time is told as what is left, since its answer came later than leg A's.</summary>
    void Grant(LegGrant grant)
    {
        var sinceAnswer = grant.Remaining is { } remaining ? SinceAnswer + remaining : grant.SinceAnswer;
        if (sinceAnswer <= granted) return;
        granted = sinceAnswer;
        warning = grant.Warning?.What;
        Media.SetGrant(sinceAnswer, grant.RenewWhenLeft, grant.Warning?.WhenLeft ?? TimeSpan.Zero);
    }

    void End(LegEnd end, int? sipCode = null, int? q850 = null)
    {
        TimeSpan? talk;
        lock (gate)
        {
            if (over) return;
            over = true;
            if (end is LegEnd.HungUp) end = intent ?? end;
            if (end is LegEnd.NoMedia) (sipCode, q850) = (NotAcceptable, IncompatibleDestination);
            talk = answered ? SinceAnswer : null;
            if (talk > granted) talk = granted;
        }

        Dispose();
        codecs?.Dispose();
        ended(this);
        _ = TellEndAsync(end, sipCode, q850, talk);
    }

    async Task TellEndAsync(LegEnd end, int? sipCode, int? q850, TimeSpan? talk)
    {
        var audio = await Media.CloseAsync();
        news.Add((number, at) => new LegEnded(number, at, end, sipCode, q850, talk, audio.PacketsIn, audio.PacketsOut, rang));
    }
}
