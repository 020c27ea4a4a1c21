using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using OrleansCallback.Tests.Calls;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Baresip;

/// <summary>Who wants to be somebody's phone and is not: by a password that has been changed, by guessing and by force.</summary>
[Collection(TerminalSite.Name)]
public sealed partial class TerminalStrangerTests(TerminalSite terminals)
{
    const string Domain = TerminalSite.Domain;
    const int Tone = 440;
    static readonly TimeSpan Soon = TerminalSite.Soon;

    IPEndPoint Sip => terminals.Sip;

    [Fact]
    public async Task Another_password_ends_what_was_registered_with_the_one_before()
    {
        var (client, mine) = await terminals.MemberAsync();
        await using var before = await BaresipPhone.StartAsync(terminals.Phone(mine, Tone) with { Expires = TerminalSite.ShortestExpires });
        await mine.HasAsync(1, () => before.Log);
        var anew = await mine.AnewAsync();
        Assert.Equal(0, await mine.CountAsync());
        Assert.Equal("member_unreachable", (await client.PlaceAsync("member-pays")).Text("code"));
        await Waiting.UntilAsync("the phone to be refused", Soon, () => before.Log.Contains("401", StringComparison.Ordinal), () => before.Log);
        Assert.Equal(0, await mine.CountAsync());
        await using var after = await BaresipPhone.StartAsync(terminals.Phone(anew, Tone));
        await anew.HasAsync(1, () => after.Log);
    }

    [Fact]
    public async Task Who_guesses_is_told_the_same_after_the_same_time_whether_the_account_exists()
    {
        var (_, known) = await terminals.MemberAsync();
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var answers = new HashSet<string>();
        foreach (var account in (string[])[known.Account, "nobody-at-all", known.Account, "nobody-at-all", "No.Account"])
        {
            var guess = known with { Account = account, Password = "guess" };
            var challenge = await AskAsync(socket, guess, 1, "");
            var clock = Stopwatch.StartNew();
            var answer = await AskAsync(socket, guess, 2, Proof(guess, challenge));
            Assert.InRange(clock.Elapsed.TotalMilliseconds, 195, 2_000);
            answers.Add(Changing().Replace(answer.Replace(account, "account", StringComparison.Ordinal), ""));
        }

        Assert.StartsWith("SIP/2.0 401 ", Assert.Single(answers), StringComparison.Ordinal);
    }

    /// <summary>From an address that has no limit: what keeps them from finding anything is that there is nothing to see.</summary>
    [Fact]
    public async Task Sipvicious_tells_no_account_from_another_and_finds_no_password()
    {
        const int Known = 7_105, First = 7_100, Last = 7_109;
        var owner = await terminals.Site.MemberAsync(0);
        var terminal = await Terminal.MakeAsync(owner, "/v1/terminals", $"{Known}");
        string[] guesses = [.. Enumerable.Range(0, 20).Select(n => $"guess-{n}")];
        var (wrong, right) = (TestFolder.NewFile("wrong.txt"), TestFolder.NewFile("right.txt"));
        await File.WriteAllLinesAsync(wrong, guesses, TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(right, [.. guesses, terminal.Password], TestContext.Current.CancellationToken);
        var scans = ((string[])["REGISTER", "INVITE", "OPTIONS"]).Select(method => ScanAsync("svwar", "-e", $"{First}-{Last}", "-m", method, "--force")).ToList();
        var cracks = ((int[])[Known, First]).Select(user => ScanAsync("svcrack", "-u", $"{user}", "-d", wrong)).ToList();
        var control = ScanAsync("svcrack", "-u", $"{Known}", "-d", right);
        foreach (var said in await Task.WhenAll(scans))
        {
            // What it says of one it says of others: a scan that is late for its own first answer takes all for something.
            var rows = Row().Matches(said);
            Assert.True(rows.Select(row => row.Groups[2].Value).Distinct().Count() < 2 && (rows.Count == 0 || rows.Any(row => row.Groups[1].Value != $"{Known}")), said);
        }

        Assert.All(await Task.WhenAll(cracks), said => Assert.Contains("found nothing", said, StringComparison.Ordinal));
        Assert.Contains(terminal.Password, await control, StringComparison.Ordinal); // so it would have found one
    }

    async Task<string> ScanAsync(string tool, params string[] arguments)
    {
        var start = new ProcessStartInfo(tool, [.. arguments, "-p", $"{Sip.Port}", "--maximumtime=1", "127.0.0.1"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{tool} did not start.");
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30));
        return $"{await output}{await errors}";
    }

    async Task<string> AskAsync(UdpClient phone, Terminal terminal, int cseq, string authorization)
    {
        await phone.SendAsync(Register(phone, terminal, cseq, authorization), Sip, TestContext.Current.CancellationToken);
        return Encoding.ASCII.GetString((await phone.ReceiveAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Soon, TestContext.Current.CancellationToken)).Buffer);
    }

    static byte[] Register(UdpClient phone, Terminal terminal, int cseq, string authorization) => Encoding.ASCII.GetBytes(string.Join("\r\n",
    [
        $"REGISTER sip:{Domain} SIP/2.0", $"Via: SIP/2.0/UDP {phone.Client.LocalEndPoint};branch=z9hG4bK{Guid.NewGuid():N};rport", "Max-Forwards: 70",
        $"From: <sip:{terminal.Account}@{Domain}>;tag=1", $"To: <sip:{terminal.Account}@{Domain}>", $"Call-ID: {phone.Client.LocalEndPoint}",
        string.Create(CultureInfo.InvariantCulture, $"CSeq: {cseq} REGISTER"), $"Contact: <sip:{terminal.Account}@{phone.Client.LocalEndPoint}>;expires=60",
        .. authorization.Length == 0 ? (string[])[] : [authorization], "Content-Length: 0", "", "",
    ]));

    /// <summary>RFC 7616 section 3.4.1, by hand.</summary>
    static string Proof(Terminal terminal, string challenge)
    {
        var (user, nonce) = (terminal.Account, Nonce().Match(challenge).Groups[1].Value);
        var response = Md5($"{Md5($"{user}:{Domain}:{terminal.Password}")}:{nonce}:00000001:c:auth:{Md5($"REGISTER:sip:{Domain}")}");
        return $"Authorization: Digest username=\"{user}\", realm=\"{Domain}\", nonce=\"{nonce}\", uri=\"sip:{Domain}\", algorithm=MD5, qop=auth, nc=00000001, "
            + $"cnonce=\"c\", response=\"{response}\"";
    }

#pragma warning disable CA5351 // What phones speak.
    static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.ASCII.GetBytes(text)));
#pragma warning restore CA5351

    [GeneratedRegex("nonce=\"([^\"]+)\"")]
    private static partial Regex Nonce();

    [GeneratedRegex("nonce=\"[^\"]+\"|branch=[^;]+|(?<=;tag=)[0-9a-f]+")]
    private static partial Regex Changing();

    [GeneratedRegex(@"^\|\s*(71\d\d)\s*\|\s*(\S+)", RegexOptions.Multiline)]
    private static partial Regex Row();
}
