using System.Net;
using OrleansCallback.Tests.Processes;
using OrleansCallback.Tests.Sipp;

namespace OrleansCallback.Tests.Calls;

/// <summary>
/// Several callbacks that are up at once. The member's phones share one marked audio socket, the merchant's phones echo: what is played into a
/// leg comes back if, and only if, that leg is still bridged.
/// </summary>
public sealed class BridgedCalls : IAsyncDisposable
{
    const uint Mark = 0xFA17_0001;
    const int FramesPerRound = 25;
    const int NumbersPerCall = 1_000;

    static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    readonly CallSite site;
    readonly MarkedAudio audio;
    readonly SippPhone member;
    readonly SippPhone merchant;
    readonly List<(SiteClient Client, string Callback)> calls = [];
    int rounds;

    BridgedCalls(CallSite site, MarkedAudio audio, SippPhone member, SippPhone merchant) =>
        (this.site, this.audio, this.member, this.merchant) = (site, audio, member, merchant);

    /// <summary>Places so many callbacks and waits until all are bridged.</summary>
    public static async Task<BridgedCalls> StartAsync(CallSite site, int count)
    {
        var audio = new MarkedAudio("127.0.0.2", Mark);
        var member = await SippPhone.StartAsync(site.MemberPhone, PhoneScript.Answers with { Audio = audio.Address });
        var merchant = await SippPhone.StartAsync(site.MerchantPhone, PhoneScript.Answers);
        var up = new BridgedCalls(site, audio, member, merchant);
        try
        {
            for (var n = 0; n < count; n++) await up.PlaceAsync();
            await up.AllAnswerAsync();
            return up;
        }
        catch
        {
            await up.DisposeAsync();
            throw;
        }
    }

    /// <summary>Plays into every leg and waits until every frame came back; nobody may have hung up.</summary>
    public async Task AllHearAsync()
    {
        Assert.Empty(member.Received("BYE"));
        Assert.Empty(merchant.Received("BYE"));
        var offers = member.Received("INVITE");
        Assert.Equal(calls.Count, offers.Count);
        // A phone's numbers go on where it paused: a jump would cost its first frame (RFC 3550 appendix A.1).
        var first = rounds++ * FramesPerRound;
        await Task.WhenAll(offers.Select((offer, n) => audio.PlayAsync(offer.AudioAddress, FramesPerRound, n * NumbersPerCall + first)));
        var played = rounds * FramesPerRound * calls.Count;
        await Waiting.UntilAsync("every frame of every call to come back", Soon, () => audio.FramesOf(Mark) == played, () => $"{audio.FramesOf(Mark)} of {played} came back");
    }

    /// <summary>Waits until the site says of every call that it is bridged.</summary>
    public async Task AllAnswerAsync()
    {
        foreach (var (client, callback) in calls) await client.ReachesAsync(callback, "bridged", Soon);
    }

    /// <summary>Hangs all up as the members do; each must end as a good call, and leave nothing.</summary>
    public async Task AllEndWellAsync()
    {
        foreach (var (client, callback) in calls) await client.CancelAsync(callback);
        foreach (var (client, callback) in calls)
        {
            var end = await client.EndsAsync(callback, Soon);
            Assert.Equal(("completed", "bridged"), (end.Status, end.Outcome));
            Assert.Equal(1, await site.Books.CdrsOfAsync(callback));
            Assert.InRange(await site.Books.PaidForAsync(callback), CallSite.MemberRate + CallSite.MerchantRate, Scene.Plenty);
        }

        Assert.Equal(calls.Count, member.Received("BYE").Count);
        Assert.Equal(calls.Count, merchant.Received("BYE").Count);
        await member.FinishAsync();
        await merchant.FinishAsync();
        Assert.Equal(0, await site.Books.PendingHoldsAsync());
        Assert.Empty(await site.Books.ViolationsAsync());
        await site.NothingIsLeftAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var (client, _) in calls) client.Dispose();
        await audio.DisposeAsync();
        await member.DisposeAsync();
        await merchant.DisposeAsync();
    }

    async Task PlaceAsync()
    {
        var client = await site.MemberAsync(Scene.Plenty);
        var answer = await client.PlaceAsync("member-pays");
        Assert.True(answer.Code == HttpStatusCode.Accepted, $"{answer.Code} {answer.Body}");
        calls.Add((client, answer.Id));
    }
}
