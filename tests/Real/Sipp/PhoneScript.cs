using System.Globalization;
using System.Net;

namespace OrleansCallback.Tests.Sipp;

/// <summary>How a SIPp phone behaves: one of our scenario files with its blanks filled in.</summary>
public sealed record PhoneScript
{
    const int Forever = 120_000;

    PhoneScript(string scenario) => Scenario = scenario;

    /// <summary>File in <c>Scenarios/</c>.</summary>
    public string Scenario { get; private init; }

    /// <summary>The scenario's text where it is written in a test; null: it is in the file.</summary>
    public string? Text { get; init; }

    /// <summary>A scenario of a test's own.</summary>
    public static PhoneScript Of(SippScenario scenario) => new(scenario.Name) { Text = $"{scenario}" };

    /// <summary>Rings so long before it answers or refuses.</summary>
    public TimeSpan Ring { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Hangs up so long after the ACK unless hung up on; null: never.</summary>
    public TimeSpan? Talk { get; init; }

    /// <summary>Status code of a refusal.</summary>
    public int Code { get; init; }

    /// <summary>Reason phrase of a refusal.</summary>
    public string Reason { get; init; } = "";

    /// <summary>A header line of a refusal at once.</summary>
    public string HeaderLine { get; init; } = "X-None: none";

    /// <summary>Where its SDP says that it takes audio; null: at SIPp itself, which sends every packet back to where it came from.</summary>
    public IPEndPoint? Audio { get; init; }

    /// <summary>File of headerless PCMA that SIPp plays once it is acknowledged; null: it sends nothing of its own.</summary>
    public string? Play { get; init; }

    /// <summary>Keys that it presses, the first so long after the ACK and each further one as long after it.</summary>
    public string Keys { get; init; } = "";

    /// <summary>See <see cref="Keys"/>.</summary>
    public TimeSpan KeyAfter { get; init; } = TimeSpan.FromMilliseconds(900);

    /// <summary>The type of body in which it tells its keys by INFO; null: SIPp plays Debian's recordings of telephone-event.</summary>
    public string? KeysBy { get; init; }

    /// <summary>Rings, answers, talks.</summary>
    public static PhoneScript Answers { get; } = new("answer");

    /// <summary>Rings until canceled.</summary>
    public static PhoneScript NeverAnswers { get; } = new("answer") { Ring = TimeSpan.FromMilliseconds(Forever) };

    /// <summary>Answers in the moment in which it is canceled.</summary>
    public static PhoneScript CrossesCancel { get; } = new("cross");

    /// <summary>486.</summary>
    public static PhoneScript Busy { get; } = Refuses(486, "Busy Here");

    /// <summary>603.</summary>
    public static PhoneScript Declines { get; } = Refuses(603, "Decline");

    /// <summary>Rings, then refuses.</summary>
    public static PhoneScript Refuses(int code, string reason) => new("refuse") { Code = code, Reason = reason };

    /// <summary>Fails or refuses at once: nothing has rung.</summary>
    public static PhoneScript Fails(int code, string reason, string headerLine = "X-None: none") =>
        new("fail") { Code = code, Reason = reason, HeaderLine = headerLine };

    /// <summary>A carrier that refuses INVITE at once and answers OPTIONS like this; null: not at all.</summary>
    public static PhoneScript Border(int code, string reason, string? options) => Fails(code, reason) with { Scenario = "carrier", Options = options };

    /// <summary>Status line and header lines with which a border answers OPTIONS; null: it does not.</summary>
    public string? Options { get; init; }

    /// <summary>The scenario's text for a phone whose own audio socket is <paramref name="ownAudio"/>.</summary>
    public string Fill(IPEndPoint ownAudio)
    {
        if (Text is not null) return Text;
        var audio = Audio ?? ownAudio;
        return File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Sipp", "Scenarios", Scenario + ".xml"))
            .Replace("@ring@", Milliseconds(Ring), StringComparison.Ordinal)
            .Replace("@talk@", Milliseconds(Talk ?? TimeSpan.FromMilliseconds(Forever)), StringComparison.Ordinal)
            .Replace("@code@", Code.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("@reason@", Reason, StringComparison.Ordinal)
            .Replace("@options@", Options is null ? "<nop />" : $"""
                <send><![CDATA[
                  SIP/2.0 {Options}
                  [last_Via:]
                  [last_From:]
                  [last_To:];tag=[pid]o[call_number]
                  [last_Call-ID:]
                  [last_CSeq:]
                  Content-Length: 0

                ]]></send>
                """, StringComparison.Ordinal)
            .Replace("@header@", HeaderLine, StringComparison.Ordinal)
            .Replace("@audio_family@", audio.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? "IP6" : "IP4", StringComparison.Ordinal)
            .Replace("@audio_address@", audio.Address.ToString(), StringComparison.Ordinal)
            .Replace("@audio_port@", AudioPort(audio), StringComparison.Ordinal)
            .Replace("@formats@", Keys.Length == 0 || KeysBy is not null ? "8 0" : "8 0 101\n      a=rtpmap:101 telephone-event/8000", StringComparison.Ordinal)
            .Replace("@play@", Play is null ? "" : $"""<nop><action><exec rtp_stream="{Play},1,8" /></action></nop>""", StringComparison.Ordinal)
            .Replace("@keys@", string.Concat(Keys.Select(Press)), StringComparison.Ordinal);
    }

    /// <summary>What SIPp plays it sends from the port that its own word in the SDP stands for.</summary>
    string AudioPort(IPEndPoint audio) =>
        Play is not null ? "[rtpstream_audio_port]"
        : Keys.Length > 0 && KeysBy is null ? "[media_port]"
        : audio.Port.ToString(CultureInfo.InvariantCulture);

    string Press(char key, int number)
    {
        var name = key switch { '*' => "star", '#' => "pound", _ => key.ToString() };
        var press = KeysBy is null
            ? $"""<nop><action><exec play_pcap_audio="/usr/share/sip-tester/dtmf_2833_{name}.pcap" /></action></nop>"""
            : $"""
                <send retrans="500"><![CDATA[
                  INFO [$target] SIP/2.0
                  Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
                  From:[$called];tag=[pid]a[call_number]
                  To:[$caller]
                  Call-ID: [call_id]
                  CSeq: {number + 1} INFO
                  Max-Forwards: 70
                  Content-Type: {KeysBy}
                  Content-Length: [len]

                  {(KeysBy.EndsWith("relay", StringComparison.Ordinal) ? $"Signal={key}\n                  Duration=160" : key)}
                ]]></send>
                <recv response="{(KeysBy.StartsWith("application/dtmf", StringComparison.Ordinal) ? 200 : 415)}" />
                """;
        return $"""<pause milliseconds="{Milliseconds(KeyAfter)}" />{press}""";
    }

    static string Milliseconds(TimeSpan time) => ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
}
