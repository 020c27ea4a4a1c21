using System.Net.Sockets;
using System.Text;
using OrleansCallback.Load.Processes;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Sipp;

/// <summary>The instrument before what it measures: our phones against SIPp as the caller.</summary>
public sealed class SippPhoneTests
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task An_answering_phone_rings_answers_and_is_hung_up_on()
    {
        await using var phone = await SippPhone.StartAsync(FreePorts.Udp("127.0.0.2"), PhoneScript.Answers);
        Assert.Equal(0, await SippCaller.CallAsync(phone.Address, Second, Second / 5));
        await phone.FinishAsync();
        Assert.Equal(["INVITE", "180", "200", "ACK", "BYE", "200"], phone.Messages.Select(m => m.Method ?? $"{m.Code}"));
        var (ringing, answer) = (phone.Messages[1].At, phone.Messages[2].At);
        Assert.InRange(answer - ringing, PhoneScript.Answers.Ring - TimeSpan.FromMilliseconds(20), Second);
    }

    [Fact]
    public async Task A_phone_hangs_up_when_its_script_says_so()
    {
        await using var phone = await SippPhone.StartAsync(FreePorts.Udp("127.0.0.2"), PhoneScript.Answers with { Talk = Second / 5 });
        Assert.Equal(0, await SippCaller.CallAsync(phone.Address, Second, Limit));
        await phone.FinishAsync();
        Assert.Single(phone.Messages, m => !m.Received && m.Method == "BYE");
    }

    [Fact]
    public async Task A_phone_that_never_answers_is_canceled()
    {
        await using var phone = await SippPhone.StartAsync(FreePorts.Udp("127.0.0.2"), PhoneScript.NeverAnswers);
        Assert.Equal(0, await SippCaller.CallAsync(phone.Address, Second / 4, Second));
        await phone.FinishAsync();
        Assert.Equal(["INVITE", "180", "CANCEL", "200", "487", "ACK"], phone.Messages.Select(m => m.Method ?? $"{m.Code}"));
        Assert.Equal("INVITE", phone.Messages.Single(m => m.Code == 487).CSeqMethod);
    }

    [Fact]
    public async Task A_busy_phone_refuses()
    {
        await using var phone = await SippPhone.StartAsync(FreePorts.Udp("127.0.0.2"), PhoneScript.Busy);
        Assert.Equal(0, await SippCaller.CallAsync(phone.Address, Second, Second, refusal: 486));
        await phone.FinishAsync();
        Assert.Equal(["INVITE", "180", "486", "ACK"], phone.Messages.Select(m => m.Method ?? $"{m.Code}"));
    }

    [Fact]
    public async Task A_call_that_did_not_go_by_the_script_fails_the_phone()
    {
        await using var phone = await SippPhone.StartAsync(FreePorts.Udp("127.0.0.2"), PhoneScript.Answers);
        using var stranger = new UdpClient("127.0.0.2", phone.Address.Port);
        var unexpected = """
            SUBSCRIBE sip:called@127.0.0.2 SIP/2.0
            Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK1
            From: <sip:a@127.0.0.1>;tag=1
            To: <sip:b@127.0.0.2>
            Call-ID: of-no-call
            CSeq: 1 SUBSCRIBE
            Content-Length: 0


            """.ReplaceLineEndings("\r\n");
        await stranger.SendAsync(Encoding.ASCII.GetBytes(unexpected), TestContext.Current.CancellationToken);
        await phone.ReceivesAsync("SUBSCRIBE", Limit);
        await Assert.ThrowsAsync<InvalidOperationException>(phone.FinishAsync);
    }

    [Fact]
    public async Task Audio_comes_back_from_a_phone_byte_for_byte()
    {
        await using var phone = await SippPhone.StartAsync(FreePorts.Udp("127.0.0.2"), PhoneScript.Answers);
        await using var audio = new MarkedAudio("127.0.0.3", mark: 0xA0A0A0A0);
        var call = SippCaller.CallAsync(phone.Address, Second, Second, audio.Address);
        var offer = await phone.ReceivesAsync("INVITE", Limit);
        Assert.Equal(audio.Address, offer.AudioAddress);
        var answer = await phone.SeesAsync("200", Limit, m => m.Code == 200);
        await audio.PlayAsync(answer.AudioAddress, frames: 20);
        Assert.Equal(0, await call);
        Assert.Equal(20, audio.FramesOf(0xA0A0A0A0));
        Assert.Equal(0, audio.Unmarked);
    }

    [Fact]
    public async Task A_phone_plays_a_file()
    {
        var file = TestFolder.NewFile("tone.pcma");
        await File.WriteAllBytesAsync(file, [.. Enumerable.Range(0, 8000).Select(i => (byte)(i / 160))], TestContext.Current.CancellationToken);
        await using var phone = await SippPhone.StartAsync(FreePorts.Udp("127.0.0.2"), PhoneScript.Answers with { Play = file });
        await using var audio = new MarkedAudio("127.0.0.1", mark: 1);
        Assert.Equal(0, await SippCaller.CallAsync(phone.Address, Second, Second, audio.Address));
        Assert.InRange(audio.Unmarked, 30, 51);
    }
}
