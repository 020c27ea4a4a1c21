using System.Buffers.Binary;
using System.Globalization;
using System.Net;
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
}

/// <summary>baresip with no sound card: it registers, answers by itself, plays a tone and records what it hears.</summary>
public sealed class BaresipPhone : IAsyncDisposable
{
    /// <summary>Bytes of a WAV header; samples of 16 bits at 8,000 Hz follow.</summary>
    const int Header = 44, Rate = 8_000;

    const int MostTries = 4;
    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(10);

    readonly Counterpart process;
    readonly DirectoryInfo folder;

    BaresipPhone(DirectoryInfo folder, Counterpart process) => (this.folder, this.process) = (folder, process);

    /// <summary>What it wrote.</summary>
    public string Log => process.Log;

    /// <summary>What it encrypts with in its last call; null: its audio is plain.</summary>
    public string? Suite => Log.Split('\n').LastOrDefault(line => line.Contains("SRTP is Enabled", StringComparison.Ordinal))?.Split("cryptosuite=")[1].TrimEnd(')');

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
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "config"), Config(setup, sip, folder.FullName));
        await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "tone.wav"), Tone(setup.Tone));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "accounts"),
            $"{account}{(setup.Answers ? ";answermode=auto" : "")};audio_codecs=pcma{(setup.Encryption.Length > 0 ? $";mediaenc={setup.Encryption}" : "")}\n");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "contacts"), "");
        string[] command = [.. setup.Behind?.Command ?? [], "baresip", "-4", "-v", "-f", folder.FullName];
        return new BaresipPhone(folder, Counterpart.Start(command[0], command[1..]));
    }

    static string Config(PhoneSetup setup, IPEndPoint sip, string folder)
    {
        var rtp = setup.Behind is null ? FreePorts.UdpRange(4) : 4_000; // in a network of its own every port is free
        return string.Create(CultureInfo.InvariantCulture, $"""
            poll_method epoll
            statmode_default off
            sip_listen {sip}
            module_path {Directory.GetDirectories("/usr/lib", "baresip").Single()}/modules
            module g711.so
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
            ausrc_srate 8000
            auplay_srate 8000
            rtp_ports {rtp}-{rtp + 3}
            {(setup.Trusted is null ? "" : $"sip_cafile {setup.Trusted}")}
            {(setup.Dns is null ? "" : $"dns_server {setup.Dns}")}

            """);
    }

    /// <summary>How much of what it heard in its last call was this tone, from 0 to 1; 0 while it has heard less than so many seconds.</summary>
    public double Heard(int tone, double seconds)
    {
        var file = folder.GetFiles("dump-*-dec.wav").MaxBy(f => f.LastWriteTimeUtc);
        if (file is null || file.Length < Header + seconds * Rate * 2) return 0;
        using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[(int)(seconds * Rate * 2)];
        stream.Position = (file.Length - bytes.Length) / 2 * 2;
        stream.ReadExactly(bytes);
        return Tones.Share([.. Enumerable.Range(0, bytes.Length / 2).Select(i => (double)BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(i * 2)))], tone);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => process.DisposeAsync();

    /// <summary>A minute of a tone as a WAV file of 16 bits, mono.</summary>
    static byte[] Tone(int hertz)
    {
        var bytes = new byte[Header + 60 * Rate * 2];
        "RIFF"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length - 8);
        "WAVEfmt "u8.CopyTo(bytes.AsSpan(8));
        int[] format = [16, 1 | 1 << 16, Rate, Rate * 2, 2 | 16 << 16];
        for (var i = 0; i < format.Length; i++) BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16 + 4 * i), format[i]);
        "data"u8.CopyTo(bytes.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(40), bytes.Length - Header);
        for (var i = 0; i < (bytes.Length - Header) / 2; i++)
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(Header + 2 * i), (short)(8_000 * Math.Sin(2 * Math.PI * hertz * i / Rate)));
        return bytes;
    }
}
