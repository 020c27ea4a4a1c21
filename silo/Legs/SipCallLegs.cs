using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Options;
using OrleansCallback.Calls;
using OrleansCallback.Silo.Drain;
using OrleansCallback.Silo.Prompts;
using OrleansCallback.Sip;
using OrleansCallback.Sip.Net.Media;
using OrleansCallback.Sip.Rtp;
using OrleansCallback.Terminals;
using OrleansCallback.Trunks;
using Orleans.Runtime;

namespace OrleansCallback.Silo.Legs;

/// <summary>The legs of this silo: <see cref="ICallLegs"/> over the SIP endpoint and the media plane.</summary>
sealed partial class SipCallLegs : ICallLegs, IDisposable
{
    /// <summary>How long the end of a leg is kept for a session that does not take it before the leg is forgotten; the sweeper settles the call.</summary>
    static readonly TimeSpan LongestFarewell = TimeSpan.FromHours(24);

    readonly ConcurrentDictionary<string, SipLeg> legs = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, SipLeg> memberLegs = new(StringComparer.Ordinal);
    readonly SipEndpoint endpoint;
    readonly TrunkChannels channels;
    readonly TrunkHealth health;
    readonly TrunkRegistrations registrations;
    readonly TrunkCatalog trunks;
    readonly CarrierAddresses carriers;
    readonly PromptLibrary prompts;
    readonly IGrainFactory grains;
    readonly ILocalSiloDetails silo;
    readonly DrainState drain;
    readonly TerminalsOptions terminals;
    readonly TimeProvider time;
    readonly ILogger<SipCallLegs> logger;
    TaskCompletionSource? drained;

    public SipCallLegs(
        SipEndpoint endpoint, TrunkChannels channels, TrunkHealth health, TrunkRegistrations registrations, TrunkCatalog trunks, CarrierAddresses carriers,
        PromptLibrary prompts, IGrainFactory grains, ILocalSiloDetails silo, DrainState drain, IOptions<TerminalsOptions> terminals, TimeProvider time,
        ILogger<SipCallLegs> logger)
    {
        this.terminals = terminals.Value;
        (this.endpoint, this.channels, this.health, this.registrations, this.trunks) = (endpoint, channels, health, registrations, trunks);
        (this.carriers, this.prompts, this.grains, this.silo, this.drain, this.time, this.logger) = (carriers, prompts, grains, silo, drain, time, logger);
        endpoint.Subscribe(happened =>
        {
            if (legs.TryGetValue(happened.CallKey, out var leg)) leg.On(happened);
        });
    }

    /// <summary>Legs whose end is not durable yet.</summary>
    public int Live => legs.Count;

    public bool Owns(string trunk) => trunks.Current.Owns(trunk);

    public DialResult Dial(LegAttempt attempt)
    {
        if (attempt.Silo != silo.SiloAddress.ToParsableString()) return DialResult.NotOwner;
        if (legs.ContainsKey(attempt.Key)) return DialResult.Dialled;
        // A call that is up here already goes on to its end.
        if (drain.Draining && !memberLegs.ContainsKey(attempt.Callback)) return DialResult.NotOwner;
        return IsOnFlow(attempt) ? DialFlow(attempt) : DialTrunk(attempt);
    }

    DialResult DialTrunk(LegAttempt attempt)
    {
        if (!Owns(attempt.Trunk)) return DialResult.NotOwner;
        if (channels.TryTake(attempt.Trunk) is not { } wait) return DialResult.NoCapacity;
        var trunk = trunks.Current.Trunks.GetValueOrDefault(attempt.Trunk);
        var result = trunk is null ? DialResult.NotOwner : health.TryCall(attempt.Trunk) ? DialResult.Dialled : DialResult.TrunkDown;
        if (result == DialResult.Dialled && Open(attempt, trunk!) is { } leg)
        {
            Invite(attempt, leg, trunk!, wait);
            return DialResult.Dialled;
        }

        channels.Free(attempt.Trunk);
        return result == DialResult.Dialled ? DialResult.NoCapacity : result;
    }

    public Task<LegCommandResult> Acknowledge(string leg, LegGrant grant, bool holdAudio, Announcement? announcement) =>
        legs.TryGetValue(leg, out var found) ? found.AcknowledgeAsync(grant, holdAudio, announcement) : Task.FromResult(LegCommandResult.NoSuchLeg);

    public LegCommandResult Bridge(string leg, string otherLeg)
    {
        if (!legs.TryGetValue(leg, out var one) || !legs.TryGetValue(otherLeg, out var other)) return LegCommandResult.NoSuchLeg;
        one.Media.Bridge(other.Media);
        BridgedCodecs.Begin(one, other, time);
        return LegCommandResult.Done;
    }

    public string? BridgeAcross(string leg, string? otherInner)
    {
        if (!legs.TryGetValue(leg, out var found)) return null;
        var inner = found.Media.OpenInner();
        if (otherInner is not null) found.Media.BridgeInner(IPEndPoint.Parse(otherInner));
        return inner.ToString();
    }

    public LegCommandResult Extend(string leg, LegGrant grant) =>
        legs.TryGetValue(leg, out var found) ? found.Extend(grant) : LegCommandResult.NoSuchLeg;

    public void HangUp(string leg, Announcement? farewell = null)
    {
        if (!legs.TryGetValue(leg, out var found)) return;
        if (farewell is null) found.EndWith(LegEnd.HungUp);
        else found.EndAfter(farewell);
    }

    public void HangUpAll()
    {
        foreach (var (_, leg) in legs) leg.EndWith(LegEnd.HungUp);
    }

    /// <summary>Completes when no leg is left whose end is not durable.</summary>
    public Task AllEnded()
    {
        drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (legs.IsEmpty) drained.TrySetResult();
        return drained.Task;
    }

    public void Dispose()
    {
        foreach (var (_, leg) in legs) leg.Dispose();
    }

    AudioClip Say(Announcement announcement) => prompts.Say(announcement.Clips, announcement.Language);

    SipLeg? Open(LegAttempt attempt, TrunkOptions trunk)
    {
        SipLeg? leg = null;
        memberLegs.TryGetValue(attempt.Callback, out var near);
        var opening = endpoint.Media.Open(new MediaLegOptions
        {
            Family = carriers.FamilyOf(attempt.Target),
            MediaNetworks = [.. trunk.MediaNetworks.Select(network => IPNetwork.Parse(network))],
            Ports = IsOnFlow(attempt) ? MediaPorts.Own : Enum.Parse<MediaPorts>(trunk.MediaPorts, ignoreCase: true), // phones sit behind translators
            Trunk = attempt.Trunk,
            Near = near?.Media,
            OnEvent = happened => leg?.On(happened),
        });
        if (!opening.IsOpen) return null;
        var local = new LocalAudio(opening.Leg.LocalEndPoint, SessionIdOf(attempt)) { Codecs = TrunkCodecs.Read(trunk.Codecs) }
            .Encrypted(trunk.MediaEncryption);
        leg = new SipLeg(attempt, opening.Leg, local, endpoint.Signalling, NewsOf(attempt), IsOnFlow(attempt) ? null : health, time, Say, Ended);
        if (legs.TryAdd(attempt.Key, leg)) return leg;
        leg.Dispose();
        _ = opening.Leg.CloseAsync();
        return null;
    }

    void Invite(LegAttempt attempt, SipLeg leg, TrunkOptions trunk, TimeSpan wait)
    {
        if (attempt.Leg == CallLeg.A) memberLegs[attempt.Callback] = leg;
        _ = ForgetWhenToldAsync(leg);
        var credentials = trunk.Username.Length == 0 ? null : new Credentials(trunk.Username, trunk.Password);
        leg.Invite(wait, () => endpoint.Signalling.TryInvite(InviteOf(attempt, trunk, registrations.RoutesOf(attempt.Trunk)), leg.FirstOffer, credentials));
    }

    LegNewsQueue NewsOf(LegAttempt attempt)
    {
        var site = GrainKeys.SiteOf(attempt.Key);
        var session = grains.GetGrain<ICallSessionGrain>(GrainKeys.Session(site, attempt.Callback));
        return new LegNewsQueue(attempt.Key, session.Report, time, error => NotReported(error, attempt.Key));
    }

    void Ended(SipLeg leg)
    {
        if (!GrainKeys.IsFlowLeg(leg.Key)) channels.Free(leg.Trunk);
        memberLegs.TryRemove(KeyValuePair.Create(leg.Callback, leg));
    }

    async Task ForgetWhenToldAsync(SipLeg leg)
    {
        await leg.Told.WaitAsync(LongestFarewell, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        legs.TryRemove(leg.Key, out _);
        leg.Dispose();
        if (legs.IsEmpty) drained?.TrySetResult();
    }

    static InviteAttempt InviteOf(LegAttempt attempt, TrunkOptions trunk, IReadOnlyList<string> routes) => new(
        attempt.Key, Try: 1, attempt.RequestUri, attempt.CallId, attempt.From, attempt.To, attempt.CSeq, routes, attempt.SentBy, attempt.Contact, attempt.Target,
        attempt.AssertedIdentity)
    {
        Secret = attempt.Secret,
        Privacy = trunk.Privacy.Length > 0 ? trunk.Privacy : null,
        ExtraHeaders = [.. trunk.Headers.Select(header => new ExtraHeader(header.Key, header.Value))],
        Product = trunk.UserAgent.Length > 0 ? trunk.UserAgent : null,
        TellsTrying = true,
    };

    /// <summary>The session id of o=: a number that follows from the attempt, so that a repeat of the dial offers the same (RFC 8866 §5.2).</summary>
    static long SessionIdOf(LegAttempt attempt) =>
        BitConverter.ToInt64(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(attempt.Key))) & long.MaxValue >> 2;

    [LoggerMessage(LogLevel.Warning, "News of leg {Leg} did not reach its session and is told again.")]
    partial void NotReported(Exception error, string leg);
}
