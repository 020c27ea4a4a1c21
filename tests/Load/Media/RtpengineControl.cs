using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansCallback.Load.Media;

/// <summary>rtpengine's control protocol "ng": a cookie and a bencoded dictionary in one datagram.</summary>
public sealed class RtpengineControl : IDisposable
{
    static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    readonly UdpClient control = new(AddressFamily.InterNetwork);
    int cookies;

    /// <summary>Where it is to listen.</summary>
    public RtpengineControl(IPEndPoint address) => control.Connect(address);

    /// <inheritdoc/>
    public void Dispose() => control.Dispose();

    /// <summary>Whether it listens.</summary>
    public async Task<bool> AnswersAsync()
    {
        try
        {
            return (await CommandAsync(new() { ["command"] = "ping" })).GetValueOrDefault("result") == "pong";
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return false; // not listening yet
        }
    }

    /// <summary>Gives a command and returns its answer; throws what rtpengine says against it.</summary>
    public async Task<IReadOnlyDictionary<string, string>> CommandAsync(SortedDictionary<string, string> dictionary)
    {
        var cookie = FormattableString.Invariant($"load-{++cookies}");
        await control.SendAsync(Encoding.UTF8.GetBytes($"{cookie} {Bencode.Write(dictionary)}"));
        using var limit = new CancellationTokenSource(AnswerLimit);
        while (true)
        {
            var answer = Encoding.UTF8.GetString((await control.ReceiveAsync(limit.Token)).Buffer);
            if (!answer.StartsWith(cookie + " ", StringComparison.Ordinal)) continue;
            var read = Bencode.Read(answer[(cookie.Length + 1)..]);
            return read.GetValueOrDefault("result") == "error" ? throw new InvalidOperationException($"rtpengine: {read["error-reason"]}") : read;
        }
    }
}
