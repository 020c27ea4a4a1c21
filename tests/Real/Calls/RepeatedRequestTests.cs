using System.Net;
using OrleansCallback.Tests.Sipp;

namespace OrleansCallback.Tests.Calls;

/// <summary>The same Idempotency-Key again.</summary>
[Collection(OneSiloScenarios.Name)]
public sealed class RepeatedRequestTests(OneSilo silo)
{
    static readonly TimeSpan Talk = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task Two_posts_with_one_key_at_once_ring_once()
    {
        await using var scene = await Scene.StartAsync(silo.Site, PhoneScript.Answers, PhoneScript.Answers with { Talk = Talk });
        var answers = await Task.WhenAll(scene.Client.PlaceAsync("member-pays", "one"), scene.Client.PlaceAsync("member-pays", "one"));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Accepted, answer.Code));
        Assert.Equal(answers[0].Id, answers[1].Id);
        await scene.PlaceAsync(key: "one");
        Assert.Equal(answers[0].Id, scene.Callback);
        await scene.EndsAsync("completed", "bridged");
        Assert.Single(scene.Member.Received("INVITE"));
        Assert.Single(scene.Merchant.Received("INVITE"));

        var late = await scene.Client.PlaceAsync("member-pays", "one");
        Assert.Equal((HttpStatusCode.Accepted, "completed"), (late.Code, late.Status));
    }

    [Fact]
    public async Task One_key_with_another_body_is_refused()
    {
        await using var scene = await Scene.StartAsync(silo.Site, PhoneScript.Answers, PhoneScript.Answers with { Talk = Talk });
        await scene.PlaceAsync(key: "two");
        var other = await scene.Client.PlaceAsync("merchant-pays", "two");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.Code);
        await scene.EndsAsync("completed", "bridged");
        Assert.Single(scene.Member.Received("INVITE"));
    }
}
