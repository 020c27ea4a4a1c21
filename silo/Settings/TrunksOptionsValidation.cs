using Microsoft.Extensions.Options;
using OrleansCallback.Trunks;

namespace OrleansCallback.Silo.Settings;

/// <summary>Says at start what is wrong with the configured trunks and routes.</summary>
sealed class TrunksOptionsValidation(IOptions<SipSettings> sip) : IValidateOptions<TrunksOptions>
{
    public ValidateOptionsResult Validate(string? name, TrunksOptions options)
    {
        var errors = options.Owned.Where(id => !TrunkRules.IsId(id))
            .Select(id => $"Silo:Trunks names '{id}'; write ids of trunks, separated by commas.").ToList();
        errors.AddRange(options.Owned.Where(id => TrunkRules.IsId(id) && !options.Trunks.ContainsKey(id))
            .Select(id => $"Silo:Trunks names '{id}', which is not configured; write Trunks:{id}:Address, or take it out of Silo:Trunks."));
        if (options.Trunks.Count == 0)
            errors.Add("No trunk is configured; write at least Trunks:<id>:Address, such as Trunks__carrier-a__Address=192.0.2.10:5060.");
        foreach (var (id, trunk) in options.Trunks)
        {
            if (!TrunkRules.IsId(id)) errors.Add($"The trunk id '{id}' is not usable; write {TrunkRules.IdRule}.");
            errors.AddRange(TrunkRules.Of(trunk).Select(wrong => $"Trunks:{id}:{wrong}"));
            if (trunk.Transport.Length > 0 && !sip.Value.TransportNames.Contains(trunk.Transport, StringComparer.OrdinalIgnoreCase))
                errors.Add($"Trunks:{id}:Transport is '{trunk.Transport}', which Sip:Transports ({sip.Value.Transports}) has not; write it there too.");
        }

        foreach (var (prefix, choices) in options.Routes)
        {
            errors.AddRange(TrunkRules.OfRoute(prefix, choices).Select(wrong => $"Routes:{prefix}: {wrong}"));
            errors.AddRange(choices.Where(choice => !options.Trunks.ContainsKey(choice.Trunk))
                .Select(choice => $"Routes:{prefix} names the trunk '{choice.Trunk}', which is not configured; write Trunks:{choice.Trunk}:Address."));
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
