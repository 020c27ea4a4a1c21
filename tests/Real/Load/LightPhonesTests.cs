using OrleansCallback.Load.Phones;
using OrleansCallback.Load.Processes;
using OrleansCallback.Load;
using OrleansCallback.Tests.Processes;
using OrleansCallback.Tests.Sipp;

namespace OrleansCallback.Tests.Load;

/// <summary>The phones of the load instrument, with SIPp as the caller.</summary>
public sealed class LightPhonesTests
{
    const uint Mark = 0xBEEF0001;
    const int RingMs = 100;
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_phone_answers_counts_what_it_hears_and_is_hung_up_on()
    {
        using var phones = PhonesProcess.Start(FreePorts.Udp("127.0.0.2"), FreePorts.Udp("127.0.0.3"), RingMs, hold: 10);
        Assert.Equal(0, await SippCaller.CallAsync(phones.Members, Second, Second / 2));
        var record = Assert.Single(phones.Records());
        Assert.True(record is { IsMember: true, Answered: not null, Acknowledged: not null, Ended: not null, Heard: 0 }, $"{record}");
        Assert.InRange(PhoneVerdict.Milliseconds(record.Invited, record.Answered!.Value), RingMs, RingMs + 100);
        Assert.InRange(record.Sent, 5, 30);
        Assert.False(record.Whole, "Nobody was heard, so nothing was completed.");
        Assert.Equal(0, phones.Live());
    }

    [Fact]
    public async Task A_merchants_phone_hangs_up_by_itself()
    {
        using var phones = PhonesProcess.Start(FreePorts.Udp("127.0.0.2"), FreePorts.Udp("127.0.0.3"), RingMs, hold: 0.3);
        Assert.Equal(0, await SippCaller.CallAsync(phones.Merchants, Second, Second * 5));
        var record = Assert.Single(phones.Records());
        Assert.True(record is { IsMember: false, Ended: not null }, $"{record}");
    }

    [Fact]
    public async Task A_phone_that_is_canceled_says_so()
    {
        using var phones = PhonesProcess.Start(FreePorts.Udp("127.0.0.2"), FreePorts.Udp("127.0.0.3"), ringMs: 5000, hold: 1);
        Assert.Equal(0, await SippCaller.CallAsync(phones.Members, Second / 4, Second));
        var record = Assert.Single(phones.Records());
        Assert.True(record is { Canceled: not null, Answered: null }, $"{record}");
    }

    [Fact]
    public async Task A_phone_plays_frames_that_say_whose_they_are()
    {
        await using var audio = new MarkedAudio("127.0.0.1", Mark);
        using var phones = PhonesProcess.Start(FreePorts.Udp("127.0.0.2"), FreePorts.Udp("127.0.0.3"), RingMs, hold: 10);
        Assert.Equal(0, await SippCaller.CallAsync(phones.Members, Second, Second / 2, audio.Address));
        Assert.InRange(audio.Heard.Count, 5, 30);
    }
}
