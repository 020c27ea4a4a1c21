using System.Net;
using OrleansCallback.Tests.Processes;
using OrleansCallback.Tests.Sipp;

namespace OrleansCallback.Tests.Calls;

/// <summary>A callback over trunks that allow wider codecs: SIPp speaks for both phones, marked audio is what they hear.</summary>
sealed class WiderCall(CallSite site) : IAsyncDisposable
{
    const uint MemberMark = 0x51DE_0001, MerchantMark = 0x51DE_0002;
    const int Frames = 25;
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    readonly MarkedAudio memberAudio = new("127.0.0.2", MemberMark), merchantAudio = new("127.0.0.3", MerchantMark);
    int memberPlayed, merchantPlayed;
    Scene? scene;

    public SippPhone Member => scene!.Member;

    public SippPhone Merchant => scene!.Merchant;

    /// <summary>A phone of the member's that has answered in G.711.</summary>
    public SippScenario MemberOf(string name, string payloadTypes = "8", string lines = "") => Answered($"member-{name}", memberAudio, payloadTypes, lines);

    /// <summary>A phone of the merchant's.</summary>
    public SippScenario MerchantOf(string name, string payloadTypes = "8", string lines = "") => Answered($"merchant-{name}", merchantAudio, payloadTypes, lines);

    /// <summary>Calls and waits until each phone has had so many ACKs: of its answers and of its refusals.</summary>
    public async Task BridgeAsync(SippScenario member, SippScenario merchant, int memberAcks, int merchantAcks)
    {
        scene = await Scene.StartAsync(site, PhoneScript.Of(member), PhoneScript.Of(merchant));
        await scene.PlaceAsync();
        await scene.BridgedAsync();
        await Member.SeesAsync($"{memberAcks} ACKs", Soon, _ => Member.Received("ACK").Count == memberAcks);
        await Merchant.SeesAsync($"{merchantAcks} ACKs", Soon, _ => Merchant.Received("ACK").Count == merchantAcks);
    }

    /// <summary>The payload types of the last offer that a phone got.</summary>
    public static string LastOffer(SippPhone phone) =>
        phone.Received("INVITE")[^1].Text.Split('\n').First(line => line.StartsWith("m=audio ", StringComparison.Ordinal)).Split("RTP/AVP ")[1].TrimEnd();

    /// <summary>What the member plays under one payload type reaches the merchant, byte for byte, under another.</summary>
    public Task MemberIsHeardAsync(byte payloadType, int heardAs) => IsHeardAsync(
        memberAudio, Member, payloadType, () => memberPlayed += Frames, merchantAudio, MemberMark, heardAs);

    /// <summary>What the merchant plays reaches the member.</summary>
    public Task MerchantIsHeardAsync(byte payloadType, int heardAs) => IsHeardAsync(
        merchantAudio, Merchant, payloadType, () => merchantPlayed += Frames, memberAudio, MerchantMark, heardAs);

    /// <summary>Both directions under one number.</summary>
    public async Task BothAreHeardAsync(byte payloadType)
    {
        await MemberIsHeardAsync(payloadType, payloadType);
        await MerchantIsHeardAsync(payloadType, payloadType);
    }

    /// <summary>The member hangs up; both scripts went as written, and the call is settled.</summary>
    public async Task EndsWellAsync()
    {
        await scene!.CancelAsync();
        var end = await scene.Client.EndsAsync(scene.Callback, Soon);
        Assert.True(end is { Status: "completed", Outcome: "bridged", Code: HttpStatusCode.OK }, $"{end.Body}");
        await Member.FinishAsync();
        await Merchant.FinishAsync();
        await site.IsSettledAsync(scene.Callback);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (scene is not null) await scene.DisposeAsync();
        await memberAudio.DisposeAsync();
        await merchantAudio.DisposeAsync();
    }

    static SippScenario Answered(string name, MarkedAudio audio, string payloadTypes, string lines) =>
        new SippScenario(name).HearsAt(audio.Address).Speaks(payloadTypes).Says("", lines).Invited().Answers(200, "b", sdp: true).Receives("ACK");

    static async Task IsHeardAsync(
        MarkedAudio speaker, SippPhone phone, byte payloadType, Func<int> played, MarkedAudio listener, uint mark, int heardAs)
    {
        var heard = listener.FramesOf(mark);
        await speaker.PlayAsync(phone.Received("INVITE")[0].AudioAddress, Frames, played() - Frames, payloadType);
        await Waiting.UntilAsync(
            $"{Frames} frames under {heardAs}", Soon, () => listener.FramesOf(mark) == heard + Frames, () => $"{listener.FramesOf(mark) - heard} came\n{phone.Describe()}");
        Assert.All(listener.Heard.Where(frame => frame.Mark == mark).TakeLast(Frames), frame => Assert.Equal(heardAs, frame.PayloadType));
    }
}
