using System.Globalization;

namespace OrleansCallback.Sip;

/// <summary>What a registrar says to a REGISTER.</summary>
/// <param name="Code">The status.</param>
/// <param name="Headers">Further header lines of the response.</param>
/// <param name="Verdict">What the credentials proved.</param>
/// <param name="Account">The account; empty unless it was proven.</param>
/// <param name="Bindings">All bindings of the account as they are now; null when nothing was taken.</param>
public sealed record RegistrarAnswer(
    int Code, IReadOnlyList<HeaderLine> Headers, DigestVerdict Verdict, string Account = "", IReadOnlyList<Binding>? Bindings = null);

/// <summary>
/// A registrar (RFC 3261 section 10.3): who is who by digest, each nonce count once, and where everybody's phones are. No socket and no
/// clock; not thread-safe, its loop owns it.
/// </summary>
public sealed class Registrar
{
    readonly RegistrarOptions options;
    readonly DigestServer digest;

    /// <summary>A registrar that knows nobody yet.</summary>
    public Registrar(RegistrarOptions options)
    {
        this.options = options;
        digest = new DigestServer(new(options.Domain) { Algorithms = options.Algorithms, Key = options.Key, OffersIntegrity = false });
        Table = new BindingTable(options);
    }

    /// <summary>The bindings.</summary>
    public BindingTable Table { get; }

    /// <summary>Who a REGISTER says it is, before anything is proven: whose secret is to be looked up. Null when it brings no credentials.</summary>
    public string? UserOf(SipMessage register)
    {
        var said = DigestParameters.ReadAll(register, HeaderId.Authorization).Find(p => p.GetValueOrDefault("realm") == options.Domain);
        return said?.GetValueOrDefault("username");
    }

    /// <summary>The answer to a REGISTER that is refused whoever it is from: nobody has to be looked up for it. Null: its account's secret decides.</summary>
    public RegistrarAnswer? Refuse(SipMessage register, TimeSpan now)
    {
        if (!SipUri.TryParse(register.RequestUri, out var uri) || !IsOurs(uri)) return new(404, [], DigestVerdict.Missing);
        return digest.Refuse(register, now) is { } verdict ? Challenge(verdict, now) : null;
    }

    /// <summary>Takes a REGISTER.</summary>
    /// <param name="register">The request.</param>
    /// <param name="source">Where it came from.</param>
    /// <param name="secretOf">The <see cref="DigestServer.Secret"/> of an account for an algorithm; null when there is none.</param>
    /// <param name="now">The time.</param>
    public RegistrarAnswer Receive(SipMessage register, Hop source, Func<string, DigestAlgorithm, string?> secretOf, TimeSpan now)
    {
        if (Refuse(register, now) is { } refusal) return refusal;
        var check = digest.Verify(register, secretOf, now);
        if (check.Verdict != DigestVerdict.Proven) return Challenge(check.Verdict, now);

        // Nobody changes the bindings of another account (RFC 3261 section 10.3, steps 4 and 5).
        if (!SipUri.TryParse(register.To!.Uri, out var to) || !IsOurs(to)) return new(404, [], check.Verdict);
        if (to.User != check.Username) return new(403, [], check.Verdict);
        var (code, bindings) = Table.Apply(check.Username, register, source, now);
        return code switch
        {
            200 => new(200, [.. BindingTable.Lines(bindings, now)], check.Verdict, check.Username, bindings),
            423 => new(423, [new(HeaderId.MinExpires, options.MinExpires.TotalSeconds.ToString("0", CultureInfo.InvariantCulture))], check.Verdict),
            _ => new(code, [], check.Verdict),
        };
    }

    /// <summary>Who repeats a count may be a phone that lost one: only who knows the password can use the new nonce.</summary>
    RegistrarAnswer Challenge(DigestVerdict verdict, TimeSpan now) =>
        new(digest.ChallengeCode, digest.Challenge(now, verdict is DigestVerdict.Stale or DigestVerdict.Replayed), verdict);

    bool IsOurs(SipUri uri) =>
        uri.HostPort.Host.Equals(options.Domain, StringComparison.OrdinalIgnoreCase)
        || options.OtherHosts.Contains(uri.HostPort.Host, StringComparer.OrdinalIgnoreCase);
}
