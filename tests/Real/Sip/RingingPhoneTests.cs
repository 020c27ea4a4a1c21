using System.Net;
using OrleansCallback.Load.Processes;
using OrleansCallback.Sip;
using OrleansCallback.Sip.Net;
using OrleansCallback.Tests.Processes;
using OrleansCallback.Tests.Sipp;

namespace OrleansCallback.Tests.Sip;

/// <summary>The example of <c>sip/README.md</c> compiles, runs, and satisfies a caller that asks for PRACK and session timers.</summary>
public sealed class RingingPhoneTests
{
    const string Example = "static SignallingLoop RingingPhone(IPEndPoint address)";

    static SignallingLoop RingingPhone(IPEndPoint address)
    {
        SignallingLoop phone = null!;
        var options = new SignallingOptions(address) { Agent = sentBy => new UserAgentOptions(sentBy) { AcceptsCalls = true } };
        phone = new SignallingLoop(options, e =>
        {
            switch (e)
            {
                case IncomingCall call:
                    phone.TryRing(call.CallKey);
                    var audio = new LocalAudio(new IPEndPoint(address.Address, 30_000), SessionId: 1);
                    if (OfferAnswer.Answer(call.Sdp.Span, audio, out var answer, out var agreed) == SdpResult.Agreed)
                        phone.TryAnswer(call.CallKey, answer); // agreed.Remote, agreed.Codec: where and how to send RTP
                    else phone.TryReject(call.CallKey, 488);
                    break;
                case TerminalEvent end:
                    Console.WriteLine(end);
                    break;
            }
        });
        phone.Start();
        return phone;
    }

    [Fact]
    public void The_README_shows_this_very_phone_in_under_30_lines()
    {
        var shown = Method(File.ReadAllText(Path.Combine(Repository.Root, "sip", "README.md")));
        var here = Method(File.ReadAllText(Path.Combine(Repository.Root, "tests", "Real", "Sip", $"{nameof(RingingPhoneTests)}.cs")).Split("[Fact]")[0]);
        Assert.Equal(shown, here);
        Assert.InRange(shown.Length, 10, 29);
    }

    [Fact]
    public async Task SIPp_rings_it_with_PRACK_a_session_timer_and_its_refresh()
    {
        var address = FreePorts.Udp("127.0.0.2");
        using var phone = RingingPhone(address);
        Assert.Equal(0, await SippCaller.CallAsync(address, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), script: "call-prack"));
    }

    /// <summary>From the signature to the brace that closes the method, without indentation.</summary>
    static string[] Method(string text)
    {
        var lines = text[text.LastIndexOf(Example, StringComparison.Ordinal)..].Split('\n').Select(line => line.Trim()).ToList();
        var depth = 0;
        var length = lines.FindIndex(line => (depth += line.Count(c => c == '{') - line.Count(c => c == '}')) == 0 && line.StartsWith('}')) + 1;
        return [.. lines.Take(length)];
    }
}
