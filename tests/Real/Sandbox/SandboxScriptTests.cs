using OrleansCallback.Sip;
using OrleansCallback.Sip.Sandbox;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Sandbox;

public sealed class SandboxScriptTests
{
    [Theory]
    [InlineData("+4930123200", 486)]
    [InlineData("+4930123300", 603)]
    [InlineData("+4930123404", 404)]
    [InlineData("+4930123500", 503)]
    [InlineData("12", 404)]
    public async Task A_number_that_refuses_says_why(string number, int code)
    {
        await using var test = new TestCaller();
        var call = test.Call(number);
        var refused = await call.NextAsync<Refused>();
        Assert.Equal((code, RefusedBy.Peer), (refused.Code, refused.Source));
        var record = await test.WhenAsync(call, seen => seen.EndedAt is not null);
        Assert.Equal((PhoneEnd.PhoneRejected, code, null, null), (record.EndedBy, record.SipCode, record.RingingAt, record.AnsweredAt));
        await Waiting.UntilAsync("all phones to have hung up", TimeSpan.FromSeconds(5), () => test.Carrier.PhonesInCall == 0);
    }

    [Fact]
    public async Task A_number_that_never_answers_rings_until_it_is_canceled()
    {
        await using var test = new TestCaller();
        var call = test.Call("+4930123100");
        Assert.Equal(180, (await call.NextAsync<Ringing>()).Code);
        call.HangUp();
        await call.NextAsync<Ended>();
        var record = await test.WhenAsync(call, seen => seen.EndedAt is not null);
        Assert.Equal((PhoneEnd.CallerCanceled, 487, 0L), (record.EndedBy, record.SipCode, record.PacketsSent));
    }

    [Fact]
    public async Task A_number_answers_and_hangs_up_after_as_many_seconds_as_it_says()
    {
        await using var test = new TestCaller();
        var call = await test.Call("+4930123011").TalkAsync();
        await call.NextAsync<RemoteHungUp>();
        var record = await test.WhenAsync(call, seen => seen.EndedAt is not null);
        Assert.Equal(("4930123011", "+4930100", "sip:+4930199@caller.test"), (record.Number, record.CallerId, record.AssertedIdentity));
        Assert.Equal((PhoneEnd.PhoneHungUp, 200), (record.EndedBy, record.SipCode));
        Assert.True(record.InvitedAt <= record.RingingAt && record.AnsweredAt <= record.AckedAt);
        Assert.InRange((record.AnsweredAt - record.InvitedAt)!.Value.TotalSeconds, 1, 3);
        Assert.InRange((record.EndedAt - record.AnsweredAt)!.Value.TotalSeconds, 1, 3);
        Assert.InRange(record.PacketsSent, 20, 151);
    }

    [Fact]
    public async Task A_number_with_a_script_of_its_own_follows_that()
    {
        await using var test = new TestCaller();
        test.Carrier.Numbers.Set("+49 30 123-200", PhoneScript.Answers(0.05, 0.1));
        var call = await test.Call("+4930123200").TalkAsync();
        await call.NextAsync<RemoteHungUp>();
        test.Carrier.Numbers.Clear("4930123200");
        Assert.Equal(486, (await test.Call("+4930123200").NextAsync<Refused>()).Code);
    }

    [Fact]
    public async Task A_phone_hangs_up_when_it_is_told_to()
    {
        await using var test = new TestCaller();
        var call = await test.Call("+4930123000").TalkAsync();
        await test.WhenAsync(call, seen => seen.AckedAt is not null);
        test.Carrier.HangUp("+4930123000");
        await call.NextAsync<RemoteHungUp>();
        Assert.Equal(PhoneEnd.PhoneHungUp, (await test.WhenAsync(call, seen => seen.EndedAt is not null)).EndedBy);
    }

    [Theory]
    [InlineData("+4930123601", "1")]
    [InlineData("+4930123700", "51")]
    [InlineData("+4930123000", "")]
    public async Task A_number_presses_the_keys_that_it_says_and_speaks_before_and_after(string number, string keys)
    {
        await using var test = new TestCaller();
        var a = await test.Call(number).TalkAsync();
        var b = await test.Call("+4930456000", near: a.Leg).TalkAsync();
        a.Leg.Bridge(b.Leg);
        var heard = await test.WhenAsync(b, seen => seen.Heard.Keys == keys && seen.Heard.PacketsFrom(number) >= 60);
        var voice = Assert.Single(heard.Heard.Voices, voice => voice.Number == number[1..]);
        Assert.Equal((0, 0, 0), (voice.Missing, voice.Duplicates, voice.Reordered));
        Assert.Equal((0, 0, 0), (heard.Heard.Missing, heard.Heard.Duplicates, heard.Heard.Reordered));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_carrier_that_asks_for_credentials_takes_only_the_right_ones(bool sha256)
    {
        await using var test = new TestCaller(new SandboxOptions { Credentials = new("alice", "se\"cret"), Sha256 = sha256 });
        Assert.Equal(407, (await test.Call("+4930123000").NextAsync<Refused>()).Code);
        Assert.Equal(407, (await test.Call("+4930123000", new("alice", "wrong")).NextAsync<Refused>()).Code);
        Assert.Empty(test.Carrier.Records);
        var call = await test.Call("+4930123000", new("alice", "se\"cret")).TalkAsync();
        await test.WhenAsync(call, seen => seen.AckedAt is not null);
        Assert.Single(test.Carrier.Records);
    }

    [Theory]
    [InlineData("sip user +49 (30) 123;phone-context=x", "4930123")]
    [InlineData("%2B4930123", "4930123")]
    [InlineData("nobody", "")]
    public void One_number_is_written_in_many_ways(string user, string digits) => Assert.Equal(digits, PhoneNumberPlan.Digits(user));
}
