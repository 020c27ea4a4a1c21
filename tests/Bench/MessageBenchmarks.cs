using System.Buffers;
using BenchmarkDotNet.Attributes;
using OrleansCallback.Sip;

namespace OrleansCallback.Bench;

/// <summary>Reading and writing one INVITE with SDP, as a carrier sends it.</summary>
public class MessageBenchmarks
{
    readonly ArrayBufferWriter<byte> buffer = new(4_096);
    byte[] invite = [];
    SipMessage message = null!;
    byte[] sdp = [];

    [GlobalSetup]
    public void SetUp()
    {
        invite = Messages.CarrierInvite();
        message = SipParser.Parse(invite).Message!;
        sdp = message.Body.ToArray();
    }

    [Benchmark(Description = "parse an INVITE with SDP, as the user agent does")]
    public ParseFailure Parse()
    {
        var (failure, read) = SipParser.Borrow(invite);
        read!.Return();
        return failure;
    }

    [Benchmark(Description = "parse an INVITE with SDP and keep it")]
    public ParseFailure ParseAndKeep() => SipParser.Parse(invite).Failure;

    [Benchmark(Description = "write an INVITE with SDP")]
    public int Write()
    {
        buffer.ResetWrittenCount();
        new SipWriter(buffer).Message(message);
        return buffer.WrittenCount;
    }

    [Benchmark(Description = "read SDP")]
    public bool ReadSdp() => SessionDescription.TryParse(sdp, out _);
}
