using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Options;
using OrleansCallback.Calls;
using OrleansCallback.Sip;
using OrleansCallback.Sip.Net.Media;
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
    readonly TrunksOptions trunks;
    readonly IGrainFactory grains;
    readonly ILocalSiloDetails silo;
    readonly TimeProvider time;
    readonly ILogger<SipCallLegs> logger;
    TaskCompletionSource? drained;

    public SipCallLegs(
        SipEndpoint endpoint, TrunkChannels channels, IOptions<TrunksOptions> trunks, IGrainFactory grains,
        ILocalSiloDetails silo, TimeProvider time, ILogger<SipCallLegs> logger)
    {
        (this.endpoint, this.channels, this.trunks, this.grains, this.silo) = (endpoint, channels, trunks.Value, grains, silo);
        (this.time, this.logger) = (time, logger);
        endpoint.Subscribe(happened =>
        {
            if (legs.TryGetValue(happened.CallKey, out var leg)) leg.On(happened);
        });
    }

    /// <summary>Legs whose end is not durable yet.</summary>
    public int Live => legs.Count;

    public bool Owns(string trunk) => trunks.Owned.Contains(trunk);

    public DialResult Dial(LegAttempt attempt)
    {
        if (!Owns(attempt.Trunk) || attempt.Silo != silo.SiloAddress.ToParsableString()) return DialResult.NotOwner;
        if (legs.ContainsKey(attempt.Key)) return DialResult.Dialled;
        if (!channels.TryTake(attempt.Trunk)) return DialResult.NoCapacity;
        if (Open(attempt) is not { } leg)
        {
            channels.Free(attempt.Trunk);
            return DialResult.NoCapacity;
        }

        Invite(attempt, leg);
        return DialResult.Dialled;
    }

    public Task<LegCommandResult> Acknowledge(string leg, LegGrant grant, bool holdAudio) =>
        legs.TryGetValue(leg, out var found) ? found.AcknowledgeAsync(grant, holdAudio) : Task.FromResult(LegCommandResult.NoSuchLeg);

    public LegCommandResult Bridge(string leg, string otherLeg)
    {
        if (!legs.TryGetValue(leg, out var one) || !legs.TryGetValue(otherLeg, out var other)) return LegCommandResult.NoSuchLeg;
        one.Media.Bridge(other.Media);
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

    public void HangUp(string leg)
    {
        if (legs.TryGetValue(leg, out var found)) found.EndWith(LegEnd.HungUp);
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

    SipLeg? Open(LegAttempt attempt)
    {
        SipLeg? leg = null;
        memberLegs.TryGetValue(attempt.Callback, out var near);
        var opening = endpoint.Media.Open(new MediaLegOptions
        {
            MediaNetworks = endpoint.MediaNetworks(attempt.Trunk),
            Near = near?.Media,
            OnEvent = happened => leg?.On(happened),
        });
        if (!opening.IsOpen) return null;
        var local = new LocalAudio(opening.Leg.LocalEndPoint, SessionIdOf(attempt));
        leg = new SipLeg(attempt, opening.Leg, local, endpoint.Signalling, NewsOf(attempt), time, Ended);
        if (legs.TryAdd(attempt.Key, leg)) return leg;
        leg.Dispose();
        _ = opening.Leg.CloseAsync();
        return null;
    }

    void Invite(LegAttempt attempt, SipLeg leg)
    {
        if (attempt.Leg == CallLeg.A) memberLegs[attempt.Callback] = leg;
        _ = ForgetWhenToldAsync(leg);
        if (!endpoint.Signalling.TryInvite(InviteOf(attempt), leg.Offer, endpoint.CredentialsOf(attempt.Trunk))) leg.NotSent();
    }

    LegNewsQueue NewsOf(LegAttempt attempt)
    {
        var site = GrainKeys.SiteOf(attempt.Key);
        var session = grains.GetGrain<ICallSessionGrain>(GrainKeys.Session(site, attempt.Callback));
        return new LegNewsQueue(attempt.Key, session.Report, time, error => NotReported(error, attempt.Key));
    }

    void Ended(SipLeg leg)
    {
        channels.Free(leg.Trunk);
        memberLegs.TryRemove(KeyValuePair.Create(leg.Callback, leg));
    }

    async Task ForgetWhenToldAsync(SipLeg leg)
    {
        await leg.Told.WaitAsync(LongestFarewell, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        legs.TryRemove(leg.Key, out _);
        leg.Dispose();
        if (legs.IsEmpty) drained?.TrySetResult();
    }

    static InviteAttempt InviteOf(LegAttempt attempt) => new(
        attempt.Key, Try: 1, attempt.RequestUri, attempt.CallId, attempt.From, attempt.To, attempt.CSeq, [], attempt.SentBy, attempt.Contact, attempt.Target);

    /// <summary>The session id of o=: a number that follows from the attempt, so that a repeat of the dial offers the same (RFC 8866 §5.2).</summary>
    static long SessionIdOf(LegAttempt attempt) =>
        BitConverter.ToInt64(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(attempt.Key))) & long.MaxValue >> 2;

    [LoggerMessage(LogLevel.Warning, "News of leg {Leg} did not reach its session and is told again.")]
    partial void NotReported(Exception error, string leg);
}
