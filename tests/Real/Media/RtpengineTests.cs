using System.Globalization;
using System.Net;
using OrleansCallback.Load.Media;
using OrleansCallback.Load.Processes;
using OrleansCallback.Sip;
using OrleansCallback.Sip.Net.Media;
using OrleansCallback.Sip.Rtp;
using OrleansCallback.Sip.Srtp;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Media;

/// <summary>Debian's rtpengine between a leg and a plain phone: it encrypts and decrypts with code of its own, in each suite.</summary>
public sealed class RtpengineTests
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(SrtpSuite.AesCm128HmacSha1Tag80)]
    [InlineData(SrtpSuite.AesCm128HmacSha1Tag32)]
    [InlineData(SrtpSuite.AeadAes128Gcm)]
    [InlineData(SrtpSuite.AeadAes256Gcm)]
    public async Task Another_implementation_understands_hold_audio_and_bridge_and_is_understood(SrtpSuite suite)
    {
        var (control, ports) = (FreePorts.Udp("127.0.0.1"), FreePorts.UdpRange(8));
        await using var process = Counterpart.Start(
            "rtpengine", "--foreground", "--log-stderr", "--table=-1", "--interface=127.0.0.1", $"--listen-ng={control}",
            FormattableString.Invariant($"--port-min={ports}"), FormattableString.Invariant($"--port-max={ports + 7}"));
        using var rtpengine = new RtpengineControl(control);
        await Waiting.UntilAsync("rtpengine to listen", Soon, rtpengine.AnswersAsync, () => process.Log);
        await using var test = new TestPlane();
        using var alice = new TestPhone(1);
        using var bob = new TestPhone(2);

        var b = test.Open();
        var local = new LocalAudio(b.LocalEndPoint, 1)
        {
            Codecs = [AudioCodec.Pcmu], Encryption = MediaEncryption.Required, Crypto = [.. CryptoLine.Generate().Where(line => line.Key.Suite == suite)],
        };
        var toBob = await rtpengine.CommandAsync(Command("offer", local.Offer(), "RTP/AVP"));
        var answer = await rtpengine.CommandAsync(Command("answer", new LocalAudio(bob.Address, 2).Offer(), "RTP/SAVP"));
        var result = OfferAnswer.Accept(local, System.Text.Encoding.ASCII.GetBytes(answer["sdp"]), out var agreed);
        Assert.True(result == SdpResult.Agreed, $"{result}:\n{answer["sdp"]}");
        Assert.Equal(suite, agreed.Srtp!.Remote.Suite);
        b.SetRemote(new MediaRemote(agreed.Remote, MediaFormat.Of(agreed)) { Srtp = agreed.Srtp });
        b.SetGrant(TimeSpan.FromMinutes(10));
        b.StartClock();

        b.Hold();
        await bob.HearAsync(TestPlane.HoldMark, 3);
        var a = test.Talking(alice);
        a.Bridge(b);
        var port = int.Parse(toBob["sdp"].Split("m=audio ")[1].Split(' ')[0], CultureInfo.InvariantCulture);
        await bob.SendAsync(new IPEndPoint(IPAddress.Loopback, port));
        Assert.Equal(2, (await alice.HearAsync()).First);
        await alice.SendAsync(a);
        while ((await bob.HearAsync()).First is var mark && mark != 1) Assert.Equal(TestPlane.HoldMark, mark);
        Assert.All((await b.CloseAsync()).Dropped, count => Assert.Equal(0, count));
    }

    static SortedDictionary<string, string> Command(string name, byte[] sdp, string protocol)
    {
        var command = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["command"] = name, ["call-id"] = "call", ["from-tag"] = "a", ["sdp"] = System.Text.Encoding.ASCII.GetString(sdp), ["transport-protocol"] = protocol,
        };
        if (name == "answer") command["to-tag"] = "b";
        return command;
    }
}
