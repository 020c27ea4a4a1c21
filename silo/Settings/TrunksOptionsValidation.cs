using Microsoft.Extensions.Options;
using OrleansCallback.Trunks;

namespace OrleansCallback.Silo.Settings;

/// <summary>
/// Says at start what is wrong with the configured trunks and routes. That a trunk is not configured is not wrong: it may be stored, or come later.
/// </summary>
sealed class TrunksOptionsValidation(IOptions<SipSettings> sip) : IValidateOptions<TrunksOptions>
{
    public ValidateOptionsResult Validate(string? name, TrunksOptions options)
    {
        var errors = options.Owned.Where(id => !TrunkRules.IsId(id))
            .Select(id => $"Silo:Trunks names '{id}'; write ids of trunks, separated by commas.").ToList();
        foreach (var (id, trunk) in options.Trunks)
        {
            if (!TrunkRules.IsId(id)) errors.Add($"The trunk id '{id}' is not usable; write {TrunkRules.IdRule}.");
            errors.AddRange(TrunkRules.Of(trunk, time => $"{time}").Select(wrong => $"Trunks:{id}:{wrong}"));
            if (trunk.Transport.Length > 0 && !sip.Value.TransportNames.Contains(trunk.Transport, StringComparer.OrdinalIgnoreCase))
                errors.Add($"Trunks:{id}:Transport is '{trunk.Transport}', which Sip:Transports ({sip.Value.Transports}) has not; write it there too.");
        }

        foreach (var (prefix, choices) in options.Routes)
            errors.AddRange(TrunkRules.OfRoute(prefix, choices).Select(wrong => $"Routes:{prefix}: {wrong}"));

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
