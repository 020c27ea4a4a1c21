using Microsoft.AspNetCore.Http.HttpResults;
using OrleansCallback.Calls;
using OrleansCallback.Members;
using OrleansCallback.Merchants;
using OrleansCallback.Web.Callbacks;
using OrleansCallback.Web.Errors;
using OrleansCallback.Web.Merchants;
using OrleansCallback.Web.Security;
using OrleansCallback.Web.Sessions;
using OrleansCallback.Web.Settings;
using OrleansCallback.Web.Terminals;

namespace OrleansCallback.Web.Administration;

/// <summary>Merchants and accounts of a site, for its administrators and their programs.</summary>
public static class AdministrationEndpoints
{
    const int LongestText = 500;
    const int ShortestPassword = 8;

    /// <summary>Maps <c>/v1/admin</c>.</summary>
    public static void MapAdministration(this IEndpointRouteBuilder app)
    {
        var admin = app.MapGroup("/v1/admin").WithTags("admin").RequireAuthorization(Roles.SiteAdmin)
            .Refuses(Problems.NotLoggedIn, Problems.Forbidden, Problems.Unavailable);
        admin.MapPut("/merchants/{id}", PutMerchantAsync).WithName("put_merchant").WithSummary("Makes or replaces a merchant and lists it")
            .Refuses(Problems.MalformedRequest, Problems.InvalidRequest, Problems.InvalidNumber);
        admin.MapPut("/members/{account}", PutMemberAsync).WithName("put_member").WithSummary("Makes or changes an account")
            .Refuses(Problems.MalformedRequest, Problems.InvalidRequest, Problems.InvalidNumber);
    }

    static async Task<Results<Ok<AdminMerchantBody>, Refusal>> PutMerchantAsync(
        string id, PutMerchantBody body, IGrainFactory grains, WebOptions web)
    {
        if (Wrong(id, body) is { } wrong)
            return Problems.InvalidRequest.Because(wrong);
        if (!PhoneNumber.TryParse(body.Number, web.Region, out var number, out var error))
            return Problems.InvalidNumber.Because(error);
        var payer = body.Payer!.Value;
        var merchant = new Merchant(
            id, body.Name!, body.Description ?? "", number, payer, payer == Payer.Sponsor ? body.Sponsor : null, body.Rings == Rings.Terminal, body.Prompts);
        await grains.GetGrain<IMerchantGrain>(GrainKeys.Merchant(web.Site, id)).Put(merchant);
        return TypedResults.Ok(AdminMerchantBody.From(merchant));
    }

    static async Task<Results<Ok<MemberBody>, Refusal>> PutMemberAsync(string account, PutMemberBody body, IGrainFactory grains, WebOptions web)
    {
        if (Wrong(account, body) is { } wrong)
            return Problems.InvalidRequest.Because(wrong);
        if (!PhoneNumber.TryParse(body.Number, web.Region, out var number, out var error))
            return Problems.InvalidNumber.Because(error);
        var member = grains.GetGrain<IMemberGrain>(GrainKeys.Member(web.Site, account));
        if (body.Password is null && await member.Profile() is null)
            return Problems.InvalidRequest.Because("password is missing: a new account needs one.");
        await member.Register(new(account, body.Name!, number, body.Password, body.Roles, body.NumberProven));
        var profile = await member.Profile() ?? throw new InvalidOperationException("An account that was registered has no profile.");
        return TypedResults.Ok(MemberBody.From(profile));
    }

    static string? Wrong(string id, PutMerchantBody body) => body switch
    {
        _ when !MerchantId.IsValid(id) => MerchantId.Rule,
        { Name: not { Length: > 0 and <= LongestText } } => $"name is missing or longer than {LongestText} characters.",
        { Description.Length: > LongestText } => $"description is longer than {LongestText} characters.",
        { Payer: null } => "payer is missing: write member, merchant or sponsor.",
        { Payer: Payer.Sponsor } when !MerchantId.IsValid(body.Sponsor) => $"sponsor is missing or no id. {MerchantId.Rule}",
        _ when !SpokenLanguage.IsValid(body.Language) => SpokenLanguage.Rule,
        _ => ConfirmationBody.Wrong("confirm_member", body.ConfirmMember) ?? ConfirmationBody.Wrong("confirm_merchant", body.ConfirmMerchant),
    };

    static string? Wrong(string account, PutMemberBody body) => body switch
    {
        _ when !AccountName.IsValid(account) => AccountName.Rule,
        { Name: not { Length: > 0 and <= LongestText } } => $"name is missing or longer than {LongestText} characters.",
        { Password.Length: < ShortestPassword or > AccountName.LongestPassword } =>
            $"password has {ShortestPassword} to {AccountName.LongestPassword} characters.",
        { Roles: { } roles } when roles.Count == 0 || roles.Except(Roles.All).Any() => $"roles are some of {string.Join(", ", Roles.All)}.",
        _ => null,
    };
}
