using Microsoft.Extensions.Options;
using OrleansCallback.Silo.Legs;
using OrleansCallback.Rates;
using OrleansCallback.Sip;
using OrleansCallback.Terminals;

namespace OrleansCallback.Silo.Settings;

/// <summary>Says at start what is wrong with the settings of terminals and what to write instead.</summary>
sealed class TerminalsOptionsValidation(IOptions<SipSettings> sip) : IValidateOptions<TerminalsOptions>
{
    public ValidateOptionsResult Validate(string? name, TerminalsOptions settings)
    {
        string[] errors = [.. Names(settings), .. Bounds(settings)];
        return errors.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    IEnumerable<string> Names(TerminalsOptions settings)
    {
        if (settings.Domain.Length == 0) yield break;
        if (!SipUri.TryParse($"sip:{settings.Domain}", out var uri) || uri.HostPort.Port != 0 || uri.ToString() != $"sip:{settings.Domain}")
            yield return $"Terminals:Domain is '{settings.Domain}'; write a host name without a port, such as phones.example.com.";
        if (settings.Server.Length > 0 && !Target.TryParse(settings.Server, out _))
            yield return $"Terminals:Server is '{settings.Server}'; write the host and port that phones send to, or leave it empty.";
        if (!sip.Value.TransportNames.Contains(settings.Transport))
            yield return $"Terminals:Transport is '{settings.Transport}'; write one of Sip:Transports, '{sip.Value.Transports}'.";
        if (!TryRead(settings.Algorithms, out _))
            yield return $"Terminals:Algorithms is '{settings.Algorithms}'; write SHA-256, MD5, or both with a comma between them.";
        if (!TrunkEncryption.TryRead(settings.MediaEncryption, out _))
            yield return $"Terminals:MediaEncryption is '{settings.MediaEncryption}'; {TrunkEncryption.Rule}.";
        if (!SipUri.TryParse($"sip:{settings.CallerId}@{settings.Domain}", out _))
            yield return $"Terminals:CallerId is '{settings.CallerId}'; write the user part of an address, such as callback.";
    }

    /// <summary>Reads <c>SHA-256,MD5</c>.</summary>
    public static bool TryRead(string text, out IReadOnlyList<DigestAlgorithm> algorithms)
    {
        var names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        algorithms = [.. names.Where(name => name is "SHA-256" or "MD5").Distinct().Select(name => name == "MD5" ? DigestAlgorithm.Md5 : DigestAlgorithm.Sha256)];
        return algorithms.Count > 0 && algorithms.Count == names.Length;
    }

    static IEnumerable<string> Bounds(TerminalsOptions settings)
    {
        if (settings.RatePerSecond < 0 || settings.RatePerSecond > Rate.MostPerSecond)
            yield return FormattableString.Invariant(
                $"Terminals:RatePerSecond is {settings.RatePerSecond}; write micro-units a second, 0 to {Rate.MostPerSecond}.");
        if (settings.MaxBindings is < 1 or > 100)
            yield return FormattableString.Invariant($"Terminals:MaxBindings is {settings.MaxBindings}; write 1 to 100 phones.");
        if (settings.MaxPerOwner is < 1 or > 1_000)
            yield return FormattableString.Invariant($"Terminals:MaxPerOwner is {settings.MaxPerOwner}; write 1 to 1000 terminals.");
        if (settings.KeepAlive != TimeSpan.Zero && (settings.KeepAlive < TimeSpan.FromSeconds(1) || settings.KeepAlive > TimeSpan.FromHours(1)))
            yield return $"Terminals:KeepAlive is {settings.KeepAlive}; write a second to an hour, or 00:00:00 to send none.";
        if (settings.MinExpires < TimeSpan.FromSeconds(1))
            yield return $"Terminals:MinExpires is {settings.MinExpires}; write at least 00:00:01.";
        foreach (var (name, longest) in ((string, TimeSpan)[])[(nameof(settings.MaxExpires), settings.MaxExpires), (nameof(settings.MaxExpiresUdp), settings.MaxExpiresUdp)])
        {
            if (longest < settings.MinExpires || longest > TimeSpan.FromDays(1))
                yield return $"Terminals:{name} is {longest}; write at least Terminals:MinExpires, {settings.MinExpires}, and at most a day.";
        }
    }
}
