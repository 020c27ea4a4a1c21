using OrleansCallback.Sip.Srtp;

namespace OrleansCallback.Sip;

/// <summary>Whether a stream is encrypted, with which of the keys that both sides told (RFC 4568 section 5.1, RFC 8643).</summary>
/// <param name="Keys">The keys; null for a plain stream.</param>
/// <param name="Tag">The offer's tag, which the answer repeats.</param>
readonly record struct CryptoAgreement(SrtpKeys? Keys, int Tag)
{
    /// <summary>Whether a stream's protocol is one that is spoken here.</summary>
    public static bool IsRtp(string protocol) => protocol is "RTP/AVP" or "RTP/AVPF" || IsSecure(protocol);

    /// <summary>The protocol of an offer.</summary>
    public static string ProtocolOf(LocalAudio local) => local.Encryption != MediaEncryption.Required ? local.Protocol : local.Protocol switch
    {
        "RTP/AVP" => "RTP/SAVP",
        "RTP/AVPF" => "RTP/SAVPF",
        var secure => secure,
    };

    /// <summary>What a description of ours says of encryption.</summary>
    public static MediaEncryption EncryptionOf(MediaDescription own) =>
        IsSecure(own.Protocol) ? MediaEncryption.Required : own.Crypto.Count > 0 ? MediaEncryption.Preferred : MediaEncryption.Off;

    /// <summary>
    /// Takes the peer's first attribute whose suite we have a key for; in an answer it has to name the tag under which we offered that suite.
    /// False when the stream has to be refused: one of both insists on encryption, and there is no such attribute.
    /// </summary>
    public static bool TryAgree(MediaDescription theirs, LocalAudio local, bool isAnswer, out CryptoAgreement agreement)
    {
        agreement = default;
        if (local.Encryption == MediaEncryption.Off) return !IsSecure(theirs.Protocol);
        foreach (var (tag, remote) in theirs.Crypto)
        {
            foreach (var (ourTag, key) in local.Crypto)
            {
                if (key.Suite != remote.Suite || (isAnswer && tag != ourTag)) continue;
                agreement = new(new SrtpKeys(key, remote), tag);
                return true;
            }
        }
        return local.Encryption != MediaEncryption.Required && !IsSecure(theirs.Protocol);
    }

    static bool IsSecure(string protocol) => protocol is "RTP/SAVP" or "RTP/SAVPF";
}
