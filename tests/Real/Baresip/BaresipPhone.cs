using System.Buffers.Binary;
using System.Net;
using OrleansCallback.Load.Processes;
using OrleansCallback.Tests.Processes;
using OrleansCallback.Tests.Prompts;

namespace OrleansCallback.Tests.Baresip;

/// <summary>How a phone is set up: what its owner was shown, and the tone that it plays.</summary>
/// <param name="Account">The terminal's account.</param>
/// <param name="Password">Its password.</param>
/// <param name="Domain">Its domain.</param>
/// <param name="Server">The silo.</param>
/// <param name="Transport"><c>udp</c>, <c>tcp</c> or <c>tls</c>.</param>
/// <param name="Tone">Hz of what it plays.</param>
public sealed record PhoneSetup(string Account, string Password, string Domain, IPEndPoint Server, string Transport, int Tone)
{
    /// <summary>Its <c>mediaenc</c>: <c>srtp</c> encrypts if it is offered, <c>srtp-mand</c> takes nothing else; empty: it cannot.</summary>
    public string Encryption { get; init; } = "";
}

/// <summary>baresip with no sound card: it registers, answers by itself, plays a tone and records what it hears.</summary>
public sealed class BaresipPhone : IAsyncDisposable
{
    /// <summary>Bytes of a WAV header; samples of 16 bits at 8,000 Hz follow.</summary>
    const int Header = 44, Rate = 8_000;

    readonly Counterpart process;
    readonly DirectoryInfo folder;

    BaresipPhone(DirectoryInfo folder, Counterpart process) => (this.folder, this.process) = (folder, process);

    /// <summary>What it wrote.</summary>
    public string Log => process.Log;

    /// <summary>What it encrypts with in its last call; null: its audio is plain.</summary>
    public string? Suite => Log.Split('\n').LastOrDefault(line => line.Contains("SRTP is Enabled", StringComparison.Ordinal))?.Split("cryptosuite=")[1].TrimEnd(')');

    /// <summary>Starts the phone; whether it gets registered is for the test to see.</summary>
    public static Task<BaresipPhone> StartAsync(PhoneSetup setup) => StartAsync(
        FreePorts.Udp("127.0.0.1"), setup.Tone, setup.Encryption,
        $"<sip:{setup.Account}@{setup.Domain};transport={setup.Transport}>;auth_pass={setup.Password};regint=60"
        + $";outbound=\"sip:{setup.Server};transport={setup.Transport}\"");

    /// <summary>Starts it as what a trunk leads to.</summary>
    /// <param name="address">The trunk's address.</param>
    /// <param name="number">The number that it answers.</param>
    /// <param name="tone">Hz of what it plays.</param>
    /// <param name="encryption">As <see cref="PhoneSetup.Encryption"/>.</param>
    public static Task<BaresipPhone> BehindTrunkAsync(IPEndPoint address, string number, int tone, string encryption = "") =>
        StartAsync(address, tone, encryption, $"<sip:{number}@{address.Address}>;regint=0");

    static async Task<BaresipPhone> StartAsync(IPEndPoint sip, int tone, string encryption, string account)
    {
        var folder = Directory.CreateTempSubdirectory("baresip-");
        var rtp = FreePorts.UdpRange(4);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "config"), FormattableString.Invariant($"""
            poll_method epoll
            statmode_default off
            sip_listen {sip}
            module_path {Directory.GetDirectories("/usr/lib", "baresip").Single()}/modules
            module g711.so
            module aufile.so
            module aubridge.so
            module sndfile.so
            {(encryption.Length > 0 ? "module srtp.so" : "")}
            module_app account.so
            module_app menu.so
            snd_path {folder.FullName}
            audio_source aufile,{folder.FullName}/tone.wav
            audio_player aubridge,ear
            audio_alert aubridge,bell
            ausrc_srate 8000
            auplay_srate 8000
            rtp_ports {rtp}-{rtp + 3}

            """));
        await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "tone.wav"), Tone(tone));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "accounts"),
            $"{account};answermode=auto;audio_codecs=pcma{(encryption.Length > 0 ? $";mediaenc={encryption}" : "")}\n");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "contacts"), "");
        return new BaresipPhone(folder, Counterpart.Start("baresip", "-4", "-v", "-f", folder.FullName));
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
