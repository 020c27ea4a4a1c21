using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using OrleansCallback.Sip.Rtp;
using OrleansCallback.Sip.Srtp;

namespace OrleansCallback.Bench;

/// <summary>What encryption adds to a packet of 20 ms of G.711: once where a leg is sent to, once where it is heard.</summary>
public class SrtpBenchmarks : IDisposable
{
    readonly SrtpWorkspace workspace = new();
    readonly byte[] packet = new byte[RtpHeader.Size + 160 + SrtpSender.MostGrowth];
    readonly byte[] plain = new byte[RtpHeader.Size + 160];
    SrtpSender sender = null!;
    SrtpReceiver receiver = null!;
    ushort sequence;

    [ParamsAllValues]
    public SrtpSuite Suite { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        var key = SrtpMasterKey.Generate(Suite);
        (sender, receiver) = (new(key, workspace), new(key, workspace));
        new RtpHeader(0, false, 0, 0, 7).Write(plain);
    }

    [Benchmark(Description = "protect")]
    public int Protect()
    {
        BinaryPrimitives.WriteUInt16BigEndian(plain.AsSpan(2), ++sequence);
        plain.CopyTo(packet, 0);
        var length = plain.Length;
        return sender.TryProtect(packet, ref length) ? length : throw new InvalidOperationException($"{Suite} did not protect {sequence}.");
    }

    [Benchmark(Description = "protect and unprotect")]
    public int ProtectAndUnprotect()
    {
        var result = receiver.Unprotect(packet.AsSpan(0, Protect()), out var length);
        return result == SrtpResult.Accepted ? length : throw new InvalidOperationException($"{Suite}: {result}.");
    }

    [Benchmark(Description = "take the keys of a leg")]
    public bool TakeKeys()
    {
        using var session = new SrtpSession(workspace);
        session.Change(new(sender.Key, receiver.Key));
        return session.IsEncrypted;
    }

    [GlobalCleanup]
    public void Dispose()
    {
        sender?.Dispose();
        receiver?.Dispose();
        GC.SuppressFinalize(this);
    }
}
