using OrleansCallback.Tests.Calls;
using OrleansCallback.Tests.Processes;
using OrleansCallback.Tests.Prompts;
using OrleansCallback.Tests.Wire;

namespace OrleansCallback.Tests.Baresip;

/// <summary>
/// Two baresip phones that are called back and speak the widest codec that both have. A tone above 4,000 Hz tells by content: G.711 cannot carry
/// it, whatever the signalling says. Debian's baresip records nothing once its codec has changed, so what reaches the phones is heard off the wire.
/// </summary>
[Collection(TerminalSite.Name)]
public sealed class WiderCodecCallTests(TerminalSite terminals)
{
    const string G711 = "pcma/8000/1", G722 = "g722/16000/1", Opus = "opus/48000/2";
    const int Second = 50; // packets of 20 ms
    const int LargestPacket = 400; // bytes in a capture
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);
    static int shops;

    [Theory]
    [InlineData($"{G722},{G711}", $"{G722},{G711}", "G722", 9)]
    [InlineData($"{Opus},{G711}", $"{Opus},{G711}", "opus", 111)]
    [InlineData($"{Opus},{G722},{G711}", $"{G711},{G722}", "G722", 9)]
    public Task Phones_that_share_a_wider_codec_hear_tones_that_G711_cannot_carry(string member, string merchant, string codec, int payloadType) =>
        HearAsync(member, 5_000, merchant, 6_000, codec, payloadType);

    [Theory]
    [InlineData($"{G722},{G711}", G711)]
    [InlineData($"{Opus},{G711}", $"{G722},{G711}")]
    public Task Phones_that_share_G711_alone_hear_each_other_in_it(string member, string merchant) => HearAsync(member, 440, merchant, 1_000, "PCMA", 8);

    async Task HearAsync(string memberCodecs, int memberTone, string merchantCodecs, int merchantTone, string codec, int payloadType)
    {
        var site = terminals.Site;
        var shop = $"wide-{Interlocked.Increment(ref shops)}";
        var (client, terminal) = await terminals.MemberAsync();
        using var closing = client;
        await using var member = await RegisterAsync(terminal, memberCodecs, memberTone);
        await using var merchant = await RegisterAsync(await terminals.MerchantAsync(shop), merchantCodecs, merchantTone);
        string Both() => $"member:\n{member.Log}\nmerchant:\n{merchant.Log}\n{string.Join('\n', site.Silos[0].Program.Output.Split('\n').TakeLast(20))}";
        await using var capture = await Capture.StartAsync($"udp and (dst portrange {PortsOf(member)} or dst portrange {PortsOf(merchant)})");

        var placed = await client.PlaceAsync(shop);
        await client.ReachesAsync(placed.Id, "bridged", Soon);
        await Waiting.UntilAsync($"both to speak {codec}", Soon, () => member.Codecs == (codec, codec) && merchant.Codecs == (codec, codec), Both);
        var before = capture.Length;
        await Waiting.UntilAsync("a second of it to each", Soon, () => capture.Length > before + 2 * Second * LargestPacket, Both);
        await client.CancelAsync(placed.Id);
        Assert.Equal("bridged", (await client.EndsAsync(placed.Id)).Outcome);
        await site.IsSettledAsync(placed.Id);

        var packets = await RtpSeen.ReadAsync(capture, "1024-65535");
        Hears(packets, member, merchantTone, codec, payloadType, Both);
        Hears(packets, merchant, memberTone, codec, payloadType, Both);
    }

    /// <summary>One phone's stream: unbroken from G.711 to what it ends with, and the tone is in it.</summary>
    static void Hears(IReadOnlyList<RtpSeen> all, BaresipPhone phone, int hertz, string codec, int payloadType, Func<string> both)
    {
        List<RtpSeen> packets = [.. all.Where(p => p.Port >= phone.AudioPort && p.Port < phone.AudioPort + BaresipPhone.AudioPorts && p.Port % 2 == 0)];
        foreach (var (one, next) in packets.Zip(packets.Skip(1)))
        {
            Assert.InRange((ushort)(next.Sequence - one.Sequence), 1, 2 * Second); // what the other does not hear while codecs change is missing
            Assert.Equal(one.Ssrc, next.Ssrc);
            if (one.PayloadType != next.PayloadType) Assert.True(next.Marker);
            Assert.InRange(next.Timestamp - one.Timestamp, 1u, 48_000u);
        }

        var last = packets.TakeLast(Second).ToList();
        Assert.All(last, packet => Assert.Equal(payloadType, packet.PayloadType));
        var (samples, rate) = Ear.Hear(codec, last.Select(packet => packet.Payload));
        var share = Tones.Share([.. samples.Select(s => (double)s)], hertz, rate);
        Assert.True(share > 0.8, $"{share} of {samples.Length} samples is {hertz} Hz\n{both()}");
    }

    static string PortsOf(BaresipPhone phone) => $"{phone.AudioPort}-{phone.AudioPort + BaresipPhone.AudioPorts - 1}";

    async Task<BaresipPhone> RegisterAsync(Terminal terminal, string codecs, int tone)
    {
        var phone = await BaresipPhone.StartAsync(terminals.Phone(terminal, tone) with { Codecs = codecs });
        await terminal.HasAsync(1, () => phone.Log);
        return phone;
    }
}
