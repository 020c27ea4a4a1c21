using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using OrleansCallback.Load.Processes;
using OrleansCallback.Tests.Processes;
using OrleansCallback.Tests.Prompts;

namespace OrleansCallback.Tests.Baresip;

/// <summary>How a phone is set up: what its owner was shown, and the tone that it plays.</summary>
/// <param name="Account">The terminal's account.</param>
/// <param name="Password">Its password.</param>
/// <param name="Domain">Its domain.</param>
/// <param name="Server">The silo; null: where the domain's records lead.</param>
/// <param name="Transport"><c>udp</c>, <c>tcp</c> or <c>tls</c>.</param>
/// <param name="Tone">Hz of what it plays.</param>
public sealed record PhoneSetup(string Account, string Password, string Domain, IPEndPoint? Server, string Transport, int Tone)
{
    /// <summary>Its <c>mediaenc</c>: <c>srtp</c> encrypts if it is offered, <c>srtp-mand</c> takes nothing else; empty: it cannot.</summary>
    public string Encryption { get; init; } = "";

    /// <summary>It answers by itself; false: it rings until somebody gives up.</summary>
    public bool Answers { get; init; } = true;

    /// <summary>Seconds that it asks to be registered for; it comes again before they are over.</summary>
    public int Expires { get; init; } = 60;

    /// <summary>The home network that it is in; null: that of the tests.</summary>
    public NatNetwork? Behind { get; init; }

    /// <summary>PEM file with the roots that a server's certificate must lead to.</summary>
    public string? Trusted { get; init; }

    /// <summary>The name server that it asks.</summary>
    public IPEndPoint? Dns { get; init; }

    /// <summary>What it speaks, as baresip names it, in order of preference.</summary>
    public string Codecs { get; init; } = "pcma/8000/1";
}

/// <summary>baresip with no sound card: it registers, answers by itself, plays a tone and records what it hears.</summary>
public sealed partial class BaresipPhone : IAsyncDisposable
{
    /// <summary>How many ports it chooses from for its audio.</summary>
    public const int AudioPorts = 4;

    const int MostTries = 4;
    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(10);

    readonly Counterpart process;
    readonly DirectoryInfo folder;
    readonly TonePipe tone;
    AudioFormat? encoder, decoder;

    BaresipPhone(DirectoryInfo folder, PhoneSetup setup, int audioPort)
    {
        (this.folder, AudioPort) = (folder, audioPort);
        tone = new TonePipe(Path.Combine(folder.FullName, "tone.wav"), setup.Tone);
        string[] command = [.. setup.Behind?.Command ?? [], "baresip", "-4", "-v", "-f", folder.FullName];
        process = Counterpart.Start(Take, command[0], command[1..]);
    }

    /// <summary>The first port that it may take audio at.</summary>
    public int AudioPort { get; }

    /// <summary>What it wrote.</summary>
    public string Log => process.Log;

    /// <summary>What it encrypts with in its last call; null: its audio is plain.</summary>
    public string? Suite => Log.Split('\n').LastOrDefault(line => line.Contains("SRTP is Enabled", StringComparison.Ordinal))?.Split("cryptosuite=")[1].TrimEnd(')');

    /// <summary>The codec that it speaks and the one that it hears, as baresip names them; empty before its first call.</summary>
    public (string Speaks, string Hears) Codecs => (encoder?.Codec ?? "", decoder?.Codec ?? "");

    /// <summary>Starts the phone; whether it gets registered is for the test to see.</summary>
    public static Task<BaresipPhone> StartAsync(PhoneSetup setup) => StartAsync(
        setup, () => setup.Behind is { } home ? new(home.Inside, 5060) : FreePorts.Udp("127.0.0.1"), string.Create(CultureInfo.InvariantCulture,
        $"<sip:{setup.Account}@{setup.Domain};transport={setup.Transport}>;auth_pass={setup.Password};regint={setup.Expires}"
        + $"{(setup.Server is { } server ? $";outbound=\"sip:{server};transport={setup.Transport}\"" : "")}"));

    /// <summary>Starts it as what a trunk leads to.</summary>
    /// <param name="address">The trunk's address.</param>
    /// <param name="number">The number that it answers.</param>
    /// <param name="tone">Hz of what it plays.</param>
    /// <param name="encryption">As <see cref="PhoneSetup.Encryption"/>.</param>
    public static Task<BaresipPhone> BehindTrunkAsync(IPEndPoint address, string number, int tone, string encryption = "") => StartAsync(
        new(number, "", "", address, "udp", tone) { Encryption = encryption }, () => address, $"<sip:{number}@{address.Address}>;regint=0");

    /// <summary>It is gone without a word, as when its battery is empty.</summary>
    public Task KillAsync() => process.KillAsync();

    static async Task<BaresipPhone> StartAsync(PhoneSetup setup, Func<IPEndPoint> address, string account)
    {
        for (var tries = 1; ; tries++)
        {
            var phone = await TryStartAsync(setup, address(), account);
            bool IsReady() => phone.process.ExitCode is not null || phone.Log.Contains("baresip is ready", StringComparison.Ordinal);
            await Waiting.UntilAsync("baresip to be ready", StartLimit, IsReady, () => phone.Log);
            // A port that is free to most may be bound by nobody for a minute after a connection from it; baresip alone finds out.
            if (phone.process.ExitCode is null) return phone;
            if (tries == MostTries) throw new InvalidOperationException($"baresip does not start:\n{phone.Log}");
            await phone.DisposeAsync();
        }
    }

    static async Task<BaresipPhone> TryStartAsync(PhoneSetup setup, IPEndPoint sip, string account)
    {
        var folder = Directory.CreateTempSubdirectory("baresip-");
        var rtp = setup.Behind is null ? FreePorts.UdpRange(AudioPorts) : 4_000; // in a network of its own every port is free
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "config"), Config(setup, sip, rtp, folder.FullName));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "accounts"),
            $"{account}{(setup.Answers ? ";answermode=auto" : "")};audio_codecs={setup.Codecs}{(setup.Encryption.Length > 0 ? $";mediaenc={setup.Encryption}" : "")}\n");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "contacts"), "");
        return new BaresipPhone(folder, setup, rtp);
    }

    static string Config(PhoneSetup setup, IPEndPoint sip, int rtp, string folder) =>
        string.Create(CultureInfo.InvariantCulture, $"""
            poll_method epoll
            statmode_default off
            sip_listen {sip}
            module_path {Directory.GetDirectories("/usr/lib", "baresip").Single()}/modules
            module g711.so
            module g722.so
            module opus.so
            module aufile.so
            module aubridge.so
            module sndfile.so
            {(setup.Encryption.Length > 0 ? "module srtp.so" : "")}
            module_app account.so
            module_app menu.so
            snd_path {folder}
            audio_source aufile,{folder}/tone.wav
            audio_player aubridge,ear
            audio_alert aubridge,bell
            rtp_ports {rtp}-{rtp + AudioPorts - 1}
            {(setup.Trusted is null ? "" : $"sip_cafile {setup.Trusted}")}
            {(setup.Dns is null ? "" : $"dns_server {setup.Dns}")}

            """);

    /// <summary>
    /// How much of what it heard in its last call was this tone, from 0 to 1; 0 while it has heard less than so many seconds. It records nothing any
    /// more once it has changed its codec.
    /// </summary>
    public double Heard(int hertz, double seconds)
    {
        var file = folder.GetFiles("dump-*-dec.wav").MaxBy(f => f.LastWriteTimeUtc);
        if (file is null || decoder is not { } format || file.Length < TonePipe.Header + seconds * format.BytesPerSecond) return 0;
        using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[(int)(seconds * format.BytesPerSecond)];
        stream.Position = (file.Length - bytes.Length) / 2 * 2;
        stream.ReadExactly(bytes);
        return Tones.Share([.. Enumerable.Range(0, bytes.Length / 2).Select(i => (double)BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(i * 2)))], hertz, format.Rate);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        tone.Dispose();
    }

    void Take(string line)
    {
        if (Coder().Match(line) is { Success: true } set)
        {
            int Number(int group) => int.Parse(set.Groups[group].Value, CultureInfo.InvariantCulture);
            var format = new AudioFormat(set.Groups[2].Value, Number(3), Number(4));
            if (set.Groups[1].Value == "encoder") encoder = format;
            else decoder = format;
        }
        else if (line.StartsWith("aufile: loading", StringComparison.Ordinal))
        {
            tone.Ask(encoder!);
        }
    }

    [GeneratedRegex(@"Set audio (encoder|decoder): (\S+) (\d+)Hz (\d)ch")]
    private static partial Regex Coder();
}
