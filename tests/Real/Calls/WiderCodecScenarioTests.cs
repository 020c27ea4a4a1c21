using OrleansCallback.Tests.Sipp;

namespace OrleansCallback.Tests.Calls;

/// <summary>What phones make of the re-INVITE that offers a wider codec at the bridge: whatever it is, they end up hearing each other.</summary>
public sealed class WiderCodecScenarioTests(WiderSite wider) : IClassFixture<WiderSite>
{
    const string Opus = "opus/48000/2", Keys = "telephone-event/8000";
    const byte Pcma = 8, G722 = 9;
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(15), Silence = TimeSpan.FromSeconds(45);

    [Fact]
    public async Task Both_take_Opus_under_numbers_of_their_own_and_keys_pass_as_well()
    {
        await using var call = new WiderCall(wider.Site);
        await call.BridgeAsync(
            call.MemberOf("opus", "8 96", $"a=rtpmap:96 {Keys}").Receives("INVITE")
                .Speaks("100 8 96").Says("", $"a=rtpmap:100 {Opus}\na=rtpmap:96 {Keys}").Replies(200, sdp: true).Receives("ACK").HungUp(),
            call.MerchantOf("opus", "8 101", $"a=rtpmap:101 {Keys}").Receives("INVITE")
                .Speaks("111 9 8 101").Says("", $"a=rtpmap:111 {Opus}\na=rtpmap:101 {Keys}").Replies(200, sdp: true).Receives("ACK").HungUp(), 2, 2);
        Assert.Equal("111 9 8 101", WiderCall.LastOffer(call.Member));
        Assert.Equal("111 9 8 0 101", WiderCall.LastOffer(call.Merchant));
        await call.MerchantIsHeardAsync(111, heardAs: 100);
        await call.MemberIsHeardAsync(111, heardAs: 111);
        await call.MerchantIsHeardAsync(101, heardAs: 96);
        await call.MemberIsHeardAsync(101, heardAs: 101);
        await call.EndsWellAsync();
    }

    [Fact]
    public async Task Who_took_it_alone_is_brought_back_after_the_others_488()
    {
        await using var call = new WiderCall(wider.Site);
        await call.BridgeAsync(
            Retakes(call.MemberOf("back"), "9 8", "8").HungUp(), call.MerchantOf("488").Receives("INVITE").Replies(488).Receives("ACK").HungUp(), 3, 2);
        Assert.Equal("8 101", WiderCall.LastOffer(call.Member));
        await call.BothAreHeardAsync(Pcma);
        await call.EndsWellAsync();
    }

    [Fact]
    public async Task After_a_glare_both_get_there()
    {
        await using var call = new WiderCall(wider.Site);
        await call.BridgeAsync(
            Retakes(call.MemberOf("glare"), "9 8", "8", "9 8").HungUp(),
            Retakes(Changes(call.MerchantOf("glare").Receives("INVITE").Replies(491).Receives("ACK"), 1), "9 8").HungUp(), 4, 3);
        await call.BothAreHeardAsync(G722);
        await call.EndsWellAsync();
    }

    [Fact]
    public async Task Silence_leaves_a_call_in_G711_whose_session_can_change_again()
    {
        await using var call = new WiderCall(wider.Site);
        await call.BridgeAsync(
            Retakes(call.MemberOf("waits"), "9 8", "8").HungUp(), Changes(call.MerchantOf("silent").Receives("INVITE").Pauses(33_000), 1).HungUp(), 3, 1);
        await call.BothAreHeardAsync(Pcma);
        await call.Merchant.SeesAsync("the answer to its own offer", Silence, m => m.Received && m is { Code: 200, CSeqMethod: "INVITE" });
        await call.BothAreHeardAsync(Pcma);
        await call.EndsWellAsync();
    }

    [Fact]
    public async Task A_phones_own_offer_is_answered_with_what_the_other_hears_and_if_it_leaves_that_the_other_follows()
    {
        await using var call = new WiderCall(wider.Site);
        var merchant = Changes(Retakes(call.MerchantOf("leaves"), "9 8").Pauses(2_000).Speaks("8 0 9"), 1).Pauses(2_000);
        await call.BridgeAsync(Retakes(call.MemberOf("follows"), "9 8", "8").HungUp(), Changes(merchant.Speaks("8"), 2).HungUp(), 2, 2);
        await call.BothAreHeardAsync(G722);
        var answer = await call.Merchant.SeesAsync("the answer to its own offer", Soon, m => m.Received && m is { Code: 200, CSeqMethod: "INVITE" });
        Assert.Contains(" RTP/AVP 9\r\n", answer.Text, StringComparison.Ordinal);
        await call.BothAreHeardAsync(G722);
        await call.Member.SeesAsync("G.711 again", Soon, _ => call.Member.Received("ACK").Count == 3);
        await call.BothAreHeardAsync(Pcma);
        await call.EndsWellAsync();
    }

    /// <summary>Takes re-INVITEs, one after another, with these payload types.</summary>
    static SippScenario Retakes(SippScenario phone, params string[] payloadTypes)
    {
        foreach (var types in payloadTypes) phone.Receives("INVITE").Speaks(types).Replies(200, sdp: true).Receives("ACK");
        return phone;
    }

    /// <summary>Makes an offer of its own, with the payload types that it speaks by then.</summary>
    static SippScenario Changes(SippScenario phone, int cseq) => phone.Requests("INVITE", cseq, "b", "sendrecv").Gets(200).Requests("ACK", cseq, "b");
}
