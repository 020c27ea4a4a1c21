using System.Net;
using OrleansCallback.Tests.Processes;
using OrleansCallback.Tests.Sipp;

namespace OrleansCallback.Tests.Calls;

/// <summary>One callback with SIPp as both phones, and what must be true once it is over.</summary>
public sealed class Scene : IAsyncDisposable
{
    /// <summary>Enough for any call of these tests.</summary>
    public const long Plenty = 10_000_000;

    static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    readonly CallSite site;

    Scene(CallSite site, SippPhone member, SippPhone merchant, SiteClient client) =>
        (this.site, Member, Merchant, Client) = (site, member, merchant, client);

    /// <summary>Phones behind the trunk of leg A.</summary>
    public SippPhone Member { get; }

    /// <summary>Phones behind the trunk of leg B.</summary>
    public SippPhone Merchant { get; }

    /// <summary>The member's login.</summary>
    public SiteClient Client { get; }

    /// <summary>The callback, once placed.</summary>
    public string Callback { get; private set; } = "";

    /// <summary>Starts both phones and makes a member with so much money.</summary>
    public static async Task<Scene> StartAsync(CallSite site, PhoneScript member, PhoneScript merchant, long credit = Plenty)
    {
        var phones = Task.WhenAll(SippPhone.StartAsync(site.MemberPhone, member), SippPhone.StartAsync(site.MerchantPhone, merchant));
        var client = await site.MemberAsync(credit);
        return new Scene(site, (await phones)[0], (await phones)[1], client);
    }

    /// <summary>Clicks; fails unless the callback is admitted.</summary>
    public async Task PlaceAsync(string merchant = "member-pays", string? key = null)
    {
        var answer = await Client.PlaceAsync(merchant, key);
        Assert.True(answer.Code == HttpStatusCode.Accepted, $"{answer.Code} {answer.Body}");
        Callback = answer.Id;
    }

    /// <summary>Waits until both hear each other.</summary>
    public Task BridgedAsync() => Client.ReachesAsync(Callback, "bridged", Soon);

    /// <summary>Cancels or hangs up as the member does on the page.</summary>
    public Task CancelAsync() => Client.CancelAsync(Callback);

    /// <summary>Waits until the call has ended and checks how, what it left and that phones and database agree.</summary>
    public async Task EndsAsync(string status, string outcome, TimeSpan? limit = null)
    {
        var end = await Client.EndsAsync(Callback, limit);
        Assert.True((end.Status, end.Outcome) == (status, outcome), $"{end.Body}\nmember:\n{Member.Describe()}\nmerchant:\n{Merchant.Describe()}");
        await Member.FinishAsync();
        await Merchant.FinishAsync();
        await site.IsSettledAsync(Callback);
        await ChargesAsync(outcome is "bridged" or "merchant_not_confirmed", outcome == "bridged");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Member.DisposeAsync();
        await Merchant.DisposeAsync();
    }

    // From the phones' own record: seconds between 200 and BYE, at the trunks' prices. Both phones may be a second off at most.
    async Task ChargesAsync(bool bothAnswered, bool bridged)
    {
        var paid = await site.Books.PaidForAsync(Callback);
        var worth = SecondsOf(Member) * CallSite.MemberRate + SecondsOf(Merchant) * CallSite.MerchantRate;
        var tolerance = bothAnswered ? CallSite.MemberRate + CallSite.MerchantRate : CallSite.MemberRate;
        Assert.InRange(paid, (long)worth - tolerance, (long)worth + tolerance);
        if (bridged) Assert.True(paid > 0, "A bridged call costs something.");
    }

    static double SecondsOf(SippPhone phone)
    {
        var messages = phone.Messages;
        var answered = messages.Any(m => m.Received && m.Method == "ACK") ? messages.FirstOrDefault(m => !m.Received && m is { Code: 200, CSeqMethod: "INVITE" }) : null;
        var ended = messages.FirstOrDefault(m => m.Method == "BYE");
        return answered is null || ended is null ? 0 : Math.Max(0, (ended.At - answered.At).TotalSeconds);
    }
}
