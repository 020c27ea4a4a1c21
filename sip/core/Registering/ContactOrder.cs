using System.Globalization;
using System.Text;

namespace OrleansCallback.Sip;

/// <summary>What a REGISTER asks for one contact.</summary>
/// <param name="Uri">The URI as it was written.</param>
/// <param name="Parsed">The same read.</param>
/// <param name="Expires">The life that is asked for; zero removes the binding.</param>
/// <param name="Q">How much it is liked.</param>
/// <param name="Instance">Phone and flow of RFC 5626, or empty.</param>
sealed record ContactOrder(string Uri, SipUri Parsed, TimeSpan Expires, double Q, string Instance)
{
    /// <summary>The longest Contact URI that is kept.</summary>
    const int MaxUri = 512;

    /// <summary>Expires beyond 2^32 - 1 s is that (RFC 3261 section 20.19).</summary>
    const uint LongestSeconds = uint.MaxValue;

    /// <summary>Reads all contacts; null when one cannot be used. <paramref name="isStar"/>: "*" alone stands there.</summary>
    public static IReadOnlyList<ContactOrder>? ReadAll(SipMessage register, TimeSpan usual, out bool isStar)
    {
        isStar = false;
        var orders = new List<ContactOrder>();
        var common = Seconds(register.Has(HeaderId.Expires) ? Grammar.Text(register.Header(HeaderId.Expires)) : null, usual);
        foreach (var value in register.Values(HeaderId.Contact))
        {
            if (value is [(byte)'*'])
            {
                isStar = true;
                continue;
            }

            if (!NameAddress.TryParse(value, out var address) || address.Uri.Length > MaxUri
                || !SipUri.TryParse(Encoding.UTF8.GetBytes(address.Uri), out var uri) || uri.Headers.Length > 0
                || !TryQ(address.Parameters["q"], out var q)) return null;
            orders.Add(new(address.Uri, uri, Seconds(address.Parameters["expires"], common), q, InstanceOf(address)));
        }

        return isStar && orders.Count > 0 ? null : orders;
    }

    /// <summary>Whether two URIs name one contact (RFC 3261 section 19.1.4, for the parameters that make a difference).</summary>
    public bool IsFor(Binding binding)
    {
        if (Instance.Length > 0 && Instance == binding.Instance) return true;
        if (Uri == binding.Contact) return true;
        return SipUri.TryParse(binding.Contact, out var other) && Parsed.Scheme == other.Scheme && Parsed.User == other.User
            && Parsed.HostPort.Host.Equals(other.HostPort.Host, StringComparison.OrdinalIgnoreCase) && Parsed.HostPort.Port == other.HostPort.Port
            && ((string[])["transport", "maddr", "user", "method", "ttl"]).All(name => Same(Parsed.Parameters[name], other.Parameters[name]));
    }

    static bool Same(string? one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    /// <summary>A value that cannot be read counts as none (RFC 3261 section 10.3, step 7, and section 20.19).</summary>
    static TimeSpan Seconds(string? text, TimeSpan usual) =>
        text is null || text.Length == 0 || text.AsSpan().IndexOfAnyExceptInRange('0', '9') >= 0 ? usual
        : TimeSpan.FromSeconds(uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : LongestSeconds);

    /// <summary>0 to 1 with at most three decimals (RFC 3261 section 25.1); none is 1.</summary>
    static bool TryQ(string? text, out double q)
    {
        q = 1;
        return text is null || (text.Length is > 0 and <= 5
            && double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out q) && q <= 1);
    }

    static string InstanceOf(NameAddress contact) =>
        contact.Parameters["+sip.instance"] is { Length: > 0 and <= 128 } instance ? $"{instance} {contact.Parameters["reg-id"]}" : "";
}
