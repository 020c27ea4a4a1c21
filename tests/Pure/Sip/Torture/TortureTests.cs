using OrleansCallback.Sip;
using Xunit;

namespace OrleansCallback.Tests.Sip.Torture;

/// <summary>
/// A message for every case of RFC 4475 and RFC 5118, in our own words, with the reaction that the RFC asks of a user agent: what goes back,
/// "rings" for a call that is taken in, "stray" for a response that is well formed but to nothing, "dropped" for what gets no answer.
/// </summary>
public sealed class TortureTests
{
    public static TheoryData<string, string, string> Messages => [.. ValidMessages.All, .. InvalidMessages.All, .. SemanticMessages.All, .. Ipv6Messages.All];

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_torture_message_gets_the_reaction_that_its_section_asks_for(string section, string message, string reaction)
    {
        var bench = new Bench(Bench.Options with { AcceptsCalls = true });
        var receipt = bench.Send(Wire.Bytes(message));
        Assert.Equal((section, reaction), (section, Reaction(bench, receipt)));
        bench.Pass(40);
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void No_cut_of_a_torture_message_throws(string section, string message, string reaction)
    {
        Assert.NotEmpty($"{section}{reaction}");
        var bytes = Wire.Bytes(message);
        var bench = new Bench();
        for (var length = 0; length < bytes.Length; length++) bench.Send(bytes[..length]);
        bench.Pass(40);
    }

    static string Reaction(Bench bench, Receipt receipt)
    {
        var sent = bench.Refusals();
        if (bench.Events() is [IncomingCall]) return "rings";
        if (sent.Length > 0) return string.Join(", ", sent);
        return receipt.Disposition switch { Disposition.StrayResponse => "stray", Disposition.Malformed => "dropped", var other => $"{other}" };
    }
}
