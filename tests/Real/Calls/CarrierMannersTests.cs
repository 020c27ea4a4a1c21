using OrleansCallback.Tests.Sipp;

namespace OrleansCallback.Tests.Calls;

/// <summary>Callbacks over carriers that use what SIP has beside INVITE and BYE.</summary>
[Collection(OneSiloScenarios.Name)]
public sealed class CarrierMannersTests(OneSilo silo)
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_refusal_tells_its_Q850_cause()
    {
        var busy = new SippScenario("cause").Invited("timer").Answers(180, "b").Answers(486, "b", sdp: false, "Reason: Q.850;cause=17;text=\"User busy\"").Receives("ACK");
        await using var scene = await Scene.StartAsync(silo.Site, PhoneScript.Of(busy), PhoneScript.Answers);
        await scene.PlaceAsync();
        Assert.Equal((486, 17), await EndAsync(scene));
    }

    [Fact]
    public async Task A_merchant_rings_reliably_holds_resumes_and_hangs_up_with_a_cause()
    {
        var merchant = new SippScenario("manners").Invited("100rel")
            .Answers(183, "b", sdp: true, "Require: 100rel", "RSeq: 1").Receives("PRACK", "1 1 INVITE", "RAck:").Replies(200)
            .Answers(200, "b", sdp: false, "Session-Expires: 1800;refresher=uas").Receives("ACK")
            .Requests("UPDATE", 1, "b", "sendonly").Gets(200).Requests("UPDATE", 2, "b", "sendrecv").Gets(200)
            .Pauses(500).Requests("BYE", 3, "b", null, "Reason: Q.850;cause=31").Gets(200);
        await using var scene = await Scene.StartAsync(silo.Site, PhoneScript.Answers, PhoneScript.Of(merchant));
        await scene.PlaceAsync();
        Assert.Equal((null, 31), await EndAsync(scene));
        Assert.Single(scene.Member.Received("BYE"));
    }

    static async Task<(int? Sip, int? Q850)> EndAsync(Scene scene)
    {
        var end = (await scene.Client.EndsAsync(scene.Callback, Limit)).Body.GetProperty("end_reason");
        int? Number(string name) => end.TryGetProperty(name, out var number) && number.ValueKind == System.Text.Json.JsonValueKind.Number ? number.GetInt32() : null;
        return (Number("sip_code"), Number("q850"));
    }
}
