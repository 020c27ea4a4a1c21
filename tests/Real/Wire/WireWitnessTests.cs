using System.Net.Sockets;
using System.Text;
using OrleansCallback.Load.Processes;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Wire;

/// <summary>The witness before what it witnesses.</summary>
public sealed class WireWitnessTests
{
    const string Good = "OPTIONS sip:a@127.0.0.2 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK1\r\nMax-Forwards: 70\r\nFrom: <sip:x@y>;tag=1\r\n"
        + "To: <sip:a@b>\r\nCall-ID: c1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";

    [Fact]
    public async Task A_faulty_message_is_told_and_a_good_one_is_not()
    {
        await using var witness = await WireWitness.StartAsync();
        using var receiver = new UdpClient(FreePorts.Udp("127.0.0.2"));
        using var sender = new UdpClient();
        var to = (System.Net.IPEndPoint)receiver.Client.LocalEndPoint!;
        foreach (var message in (string[])[Good, Good.Replace("Max-Forwards: ", "Max-Forwards ", StringComparison.Ordinal).Replace("c1", "c2", StringComparison.Ordinal)])
        {
            await sender.SendAsync(Encoding.ASCII.GetBytes(message), to, TestContext.Current.CancellationToken);
            await receiver.ReceiveAsync(TestContext.Current.CancellationToken);
        }

        await Waiting.UntilAsync("both to be written down", TimeSpan.FromSeconds(10), () => witness.Holds("Call-ID: c2"));
        var verdict = await witness.ReadAsync(to);
        Assert.Equal(2, verdict.Messages);
        Assert.Contains("c2", Assert.Single(verdict.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_receiver_got_and_nobody_saw_is_missing()
    {
        var receiver = new WireReceiver();
        Assert.Empty(receiver.Missing([], 0.1));
        receiver.Add("a", 1);
        receiver.Add("b", 19);
        Assert.Empty(receiver.Missing([.. Enumerable.Repeat("b", 18), "a"], 0.1));
        Assert.Equal(["none of the 1 messages of call a"], receiver.Missing([.. Enumerable.Repeat("b", 19)], 0.1));
        Assert.Equal(["17 of at least 20 messages"], receiver.Missing([.. Enumerable.Repeat("b", 16), "a"], 0.1));
        Assert.Equal(3, receiver.Missing([], 0.1).Count());
    }
}
