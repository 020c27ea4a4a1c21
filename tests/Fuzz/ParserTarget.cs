using System.Buffers;
using OrleansCallback.Sip;

namespace OrleansCallback.Fuzz;

/// <summary>The SIP parser: never throws, and a message that it takes is the same after it was written and read again.</summary>
sealed class ParserTarget : IFuzzTarget
{
    readonly ArrayBufferWriter<byte> buffer = new();

    public string Name => "parser";

    public IReadOnlyList<byte[]> Corpus { get; } = Fuzz.Corpus.Of("sip");

    public string Take(byte[] input, Random random)
    {
        var (failure, message) = SipParser.Parse(input);
        if (message is null) return $"{failure}";
        // Whatever may be asked of a message, also of a broken one.
        for (var i = 0; i < message.HeaderCount; i++) _ = (message.HeaderNameAt(i).Length, message.HeaderValueAt(i).Length);
        foreach (var id in Enum.GetValues<HeaderId>()) _ = message.Addresses(id).Count;
        _ = message.ReasonCause("Q.850");
        if (failure != ParseFailure.None) return $"{failure}";
        buffer.ResetWrittenCount();
        new SipWriter(buffer).Message(message);
        var (again, copy) = SipParser.Parse(buffer.WrittenSpan);
        // The writer adds the Content-Length that the message lacked, one line more than a message may have.
        if (again == ParseFailure.TooManyHeaders && !message.Has(HeaderId.ContentLength)) return "full";
        if (again != ParseFailure.None || copy is null) throw new InvalidOperationException($"A good message was written as one with {again}.");
        if (copy.CallId != message.CallId || copy.CSeq != message.CSeq || copy.From!.Tag != message.From!.Tag || copy.To!.Tag != message.To!.Tag
            || !copy.Body.Span.SequenceEqual(message.Body.Span) || copy.TopVia!.ToString() != message.TopVia!.ToString())
            throw new InvalidOperationException("A message changed when it was written and read.");
        return $"{message.Method} {message.StatusCode / 100} {message.HeaderCount} {message.Body.IsEmpty}";
    }
}
