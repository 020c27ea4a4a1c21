using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using PhoneNumbers;

namespace OrleansCallback.Web.Settings;

/// <summary>Says at start which setting is wrong and what to write instead.</summary>
public sealed partial class WebOptionsCheck(IConfiguration configuration) : IValidateOptions<WebOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, WebOptions options)
    {
        var wrong = Wrong(options).ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    IEnumerable<string> Wrong(WebOptions options)
    {
        if (!SiteName().IsMatch(options.Site))
            yield return $"Site={options.Site}: write 1 to 32 lower-case letters, digits and hyphens, such as Site=main.";
        if (!PhoneNumberUtil.GetInstance().GetSupportedRegions().Contains(options.Region))
            yield return $"Region={options.Region}: write an ISO 3166 region in capitals, such as Region=DE.";
        if (!CurrencyCode().IsMatch(options.Currency))
            yield return $"Currency={options.Currency}: write an ISO 4217 code, such as Currency=EUR.";
        if (options.Store is not (WebOptions.EmbeddedStore or WebOptions.ClusterStore))
            yield return $"Store={options.Store}: write Store=sqlite (everything in this process) or Store=postgres (client of silos).";
        if (options.Store == WebOptions.ClusterStore && string.IsNullOrWhiteSpace(configuration.GetConnectionString("Ledger")))
            yield return "ConnectionStrings__Ledger is missing: with Store=postgres write ConnectionStrings__Ledger='Host=…;Database=…;Username=…'.";
        if (options.Gateway.Length > 0 && (!IPEndPoint.TryParse(options.Gateway, out var gateway) || gateway.Port == 0))
            yield return $"Gateway={options.Gateway}: write address and port of a silo's gateway, such as Gateway=127.0.0.1:30000, or leave it empty.";
        if (options.LoginsPerMinute is < 1 or > 100_000)
            yield return $"LoginsPerMinute={options.LoginsPerMinute}: write a number from 1 to 100000.";
        if (options.LoginHours is <= 0 or > 24 * 30)
            yield return $"LoginHours={options.LoginHours}: write hours above 0, at most 720.";
        foreach (var text in WrongAdmin(options))
            yield return text;
    }

    static IEnumerable<string> WrongAdmin(WebOptions options)
    {
        var admin = options.FirstAdmin;
        if (admin.Account.Length == 0)
            yield break;
        if (!AccountName.IsValid(admin.Account))
            yield return $"FirstAdmin__Account={admin.Account}: {AccountName.Rule}";
        if (admin.Password.Length is < 8 or > AccountName.LongestPassword)
            yield return $"FirstAdmin__Password: write 8 to {AccountName.LongestPassword} characters.";
        if (!PhoneNumber.TryParse(admin.Number, options.Region, out _, out var error))
            yield return $"FirstAdmin__Number: {error}";
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,31}\z")]
    private static partial Regex SiteName();

    [GeneratedRegex(@"^[A-Z]{3}\z")]
    private static partial Regex CurrencyCode();
}
