using System.Net;
using OrleansCallback.Sip;

namespace OrleansCallback.Fuzz;

/// <summary>SDP: neither reading nor answering throws, and what is agreed can be used.</summary>
sealed class SdpTarget : IFuzzTarget
{
    static readonly IPEndPoint Address = new(IPAddress.Parse("192.0.2.1"), 4000);

    static readonly LocalAudio[] Locals =
    [
        new(Address, 1),
        .. new[] { MediaEncryption.Preferred, MediaEncryption.Required }
            .Select(encryption => new LocalAudio(Address, 1) { Encryption = encryption, Crypto = CryptoLine.Generate() }),
    ];

    public string Name => "sdp";

    public IReadOnlyList<byte[]> Corpus { get; } = Fuzz.Corpus.Of("sdp");

    public string Take(byte[] input, Random random)
    {
        var read = SessionDescription.TryParse(input, out _);
        return $"{read} {string.Join(' ', Locals.Select(local => Agree(input, local)))}";
    }

    static string Agree(byte[] input, LocalAudio local)
    {
        _ = local.Offer();
        var accepted = OfferAnswer.Accept(local, input, out var agreed);
        if (accepted == SdpResult.Agreed && agreed.Remote.Port is < 0 or > 65_535) throw new InvalidOperationException($"Agreed on port {agreed.Remote.Port}.");
        var answered = OfferAnswer.Answer(input, local, out var answer, out var taken);
        if (answered == SdpResult.Agreed && !SessionDescription.TryParse(answer, out _)) throw new InvalidOperationException("An answer of ours cannot be read.");
        foreach (var stream in new[] { agreed, taken })
        {
            if (local.Encryption == MediaEncryption.Required && stream is { Srtp: null }) throw new InvalidOperationException("Plain audio was agreed on.");
        }
        return $"{accepted} {answered} {(accepted == SdpResult.Agreed ? agreed.Codec : default)} {(accepted == SdpResult.Agreed ? agreed.Direction : default)}";
    }
}
