using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using OrleansCallback.Load.Processes;
using OrleansCallback.Sip;
using OrleansCallback.Sip.Net;
using OrleansCallback.Tests.Processes;
using Xunit;

namespace OrleansCallback.Tests.Sip;

/// <summary>What openssl sees of our TLS ports: who is let in on which, and which certificate is shown.</summary>
public sealed class TlsPortTests : IDisposable
{
    const string Asked = "OPTIONS sip:a@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TLS 127.0.0.1:9;branch=z9hG4bK1\r\nMax-Forwards: 70\r\nFrom: <sip:x@y>;tag=1\r\n"
        + "To: <sip:a@b>\r\nCall-ID: c1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";

    static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    readonly TestCertificates certificates = new();

    public void Dispose() => certificates.Dispose();

    [Fact]
    public async Task Phones_without_a_certificate_and_carriers_with_one_have_a_port_each()
    {
        using var identity = certificates.Identity(false, "127.0.0.1");
        using var strangers = new TestCertificates();
        var mutual = FreePorts.Tcp();
        using var silo = Start(identity, mutual);
        var plain = silo.EndPoints.First(e => e.Transport == SipTransport.Tls).EndPoint.Port;
        Assert.Contains("SIP/2.0 200", await TalkAsync(plain), StringComparison.Ordinal);
        Assert.DoesNotContain("SIP/2.0", await TalkAsync(mutual), StringComparison.Ordinal);
        Assert.Contains("SIP/2.0 200", await TalkAsync(mutual, certificates.For("carrier.test")), StringComparison.Ordinal);
        Assert.DoesNotContain("SIP/2.0", await TalkAsync(mutual, strangers.For("carrier.test")), StringComparison.Ordinal);
    }

    [Fact]
    public void Carriers_are_told_the_port_for_certificates_and_phones_the_other()
    {
        using var identity = certificates.Identity(false, "127.0.0.1");
        var mutual = FreePorts.Tcp();
        using var silo = Start(identity, mutual);
        var plain = silo.EndPoints.First(e => e.Transport == SipTransport.Tls).EndPoint.Port;
        using var peer = certificates.Identity(false, "127.0.0.1");
        var contacts = new BlockingCollection<string>();
        SignallingLoop phone = null!;
        using var made = phone = new SignallingLoop(new SignallingOptions(new IPEndPoint(IPAddress.Loopback, 0))
        {
            Transports = [SipTransport.Tls], Tls = peer, Agent = sentBy => new UserAgentOptions(sentBy) { AcceptsCalls = true },
        }, e =>
        {
            if (e is not IncomingCall call) return;
            contacts.Add(call.Request.Addresses(HeaderId.Contact)[0].Uri);
            phone.TryReject(call.CallKey, 486);
        });
        phone.Start();
        var at = new Hop(SipTransport.Tls, phone.LocalEndPoint);
        Assert.True(silo.TryInvite(InviteAttempt.Create("carrier", $"sip:a@{silo.SentBy}", "sip:b@127.0.0.1", at, silo.SentBy), Sdp(silo), null));
        Assert.True(contacts.TryTake(out var told, Limit));
        Assert.Contains($":{mutual};transport=tls", told, StringComparison.Ordinal);
        // The connection to the carrier is the first of the silo's.
        Assert.True(silo.TryInvite(
            InviteAttempt.Create("phone", $"sip:a@{silo.SentBy}", "sip:b@127.0.0.1", at with { Connection = 1, IsFlow = true }, silo.SentBy), Sdp(silo), null));
        Assert.True(contacts.TryTake(out told, Limit));
        Assert.Contains($":{plain};transport=tls", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_renewed_certificate_is_shown_from_then_on_and_one_that_cannot_be_used_is_not()
    {
        var (certificate, key) = certificates.For("127.0.0.1");
        using var identity = TlsIdentity.Load(certificate, key, certificates.Root, false);
        using var silo = Start(identity, 0);
        var port = silo.EndPoints[0].EndPoint.Port;
        var first = await SerialAsync(port);
        Assert.False(identity.Reload());

        var (renewed, renewedKey) = certificates.For("127.0.0.1");
        File.Copy(renewed, certificate, overwrite: true);
        Assert.ThrowsAny<Exception>(() => identity.Reload()); // the key is the old one's
        Assert.Equal(first, await SerialAsync(port));
        File.Copy(renewedKey, key, overwrite: true);
        Assert.True(identity.Reload());
        Assert.False(identity.Reload());
        var second = await SerialAsync(port);
        Assert.NotEqual(first, second);
        Assert.InRange(second.Length, 8, 64);
    }

    static SignallingLoop Start(TlsIdentity identity, int mutual)
    {
        var loop = new SignallingLoop(new SignallingOptions(new IPEndPoint(IPAddress.Loopback, 0))
        {
            Transports = [SipTransport.Tls], Tls = identity, MutualTlsPort = mutual,
        }, _ => { });
        loop.Start();
        return loop;
    }

    static byte[] Sdp(SignallingLoop loop) => new LocalAudio(new IPEndPoint(loop.LocalEndPoint.Address, 30_000), 1).Offer();

    /// <summary>Says OPTIONS over TLS and gives what came back.</summary>
    async Task<string> TalkAsync(int port, (string Certificate, string Key)? own = null) => await RunAsync(
        Asked, ["s_client", "-quiet", "-verify_return_error", "-CAfile", certificates.Root, "-connect", $"127.0.0.1:{port}",
            .. own is { } files ? (string[])["-cert", files.Certificate, "-key", files.Key] : []], "Content-Length");

    /// <summary>The serial number of the certificate that is shown.</summary>
    async Task<string> SerialAsync(int port)
    {
        var shown = await RunAsync("", ["s_client", "-verify_return_error", "-CAfile", certificates.Root, "-connect", $"127.0.0.1:{port}"], "END CERTIFICATE");
        var file = TestFolder.NewFile("shown.pem");
        await File.WriteAllTextAsync(file, shown, TestContext.Current.CancellationToken);
        return await RunAsync("", ["x509", "-noout", "-serial", "-in", file], "serial=");
    }

    /// <summary>Runs openssl until it has written something, or ends.</summary>
    static async Task<string> RunAsync(string input, string[] arguments, string until)
    {
        using var process = Process.Start(new ProcessStartInfo("openssl", arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        }) ?? throw new InvalidOperationException("openssl did not start.");
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var output = new System.Text.StringBuilder();
        try
        {
            await process.StandardInput.WriteAsync(input);
            await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
            while (!output.ToString().Contains(until, StringComparison.Ordinal)
                && await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit) is { } line) output.AppendLine(line);
        }
        catch (IOException)
        {
            // It has ended: it was not let in.
        }

        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output.ToString();
    }
}
