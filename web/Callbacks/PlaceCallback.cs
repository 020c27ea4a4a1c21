using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Orleans.Runtime;
using OrleansCallback.Calls;
using OrleansCallback.Members;
using OrleansCallback.Web.Errors;
using OrleansCallback.Web.Merchants;
using OrleansCallback.Web.Security;
using OrleansCallback.Web.Settings;

namespace OrleansCallback.Web.Callbacks;

/// <summary>Places a callback and tells of its admission.</summary>
public sealed class PlaceCallback(IGrainFactory grains, WebOptions web)
{
    /// <summary>What a caller waits for before asking again with the same key.</summary>
    public static readonly TimeSpan RetryWhenUndecided = TimeSpan.FromSeconds(2);

    /// <summary>The session decides within 2 s; a silo that is lost meanwhile is not waited for much longer.</summary>
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(4);

    /// <summary>Checks what was asked, places it and answers.</summary>
    public async Task<Results<Accepted<CallbackBody>, Refusal>> PlaceAsync(ClaimsPrincipal user, HttpRequest request, PlaceBody body)
    {
        if (!IdempotencyKey.TryRead(request, out var key, out var refusal))
            return refusal!;
        if (string.IsNullOrEmpty(body.Merchant))
            return Problems.InvalidRequest.Because("merchant is missing: send the id of the merchant to be called.");
        if (!MerchantId.IsValid(body.Merchant))
            return new Refusal(Problems.UnknownMerchant);
        if (!SpokenLanguage.IsValid(body.Language))
            return Problems.InvalidRequest.Because(SpokenLanguage.Rule);
        var account = Login.AccountOf(user);
        var (number, onTerminal, wrong) = await NumberAsync(account, body.Number);
        if (wrong is not null)
            return wrong;
        return Answer(await AskAsync(new(web.Site, account, key, body.Merchant, number, onTerminal, body.Language)));
    }

    /// <summary>What rings for the member: the number of this order, or what the member has chosen. A terminal goes with the stored number.</summary>
    async Task<(PhoneNumber Number, bool OnTerminal, Refusal? Wrong)> NumberAsync(string account, string? typed)
    {
        if (typed is not (null or PlaceBody.Terminal))
        {
            return PhoneNumber.TryParse(typed, web.Region, out var number, out var error)
                ? (number, false, null) : (default, false, Problems.InvalidNumber.Because(error));
        }

        var profile = await grains.GetGrain<IMemberGrain>(GrainKeys.Member(web.Site, account)).Profile();
        return profile is null ? (default, false, new Refusal(Problems.NotLoggedIn)) : (profile.Number, typed is not null || profile.RingsTerminal, null);
    }

    async Task<Admission> AskAsync(CallbackRequest request)
    {
        try
        {
            return await grains.GetGrain<ICallSessionGrain>(GrainKeys.Session(web.Site, request.CallbackId)).Place(request).WaitAsync(LongestWait);
        }
        catch (Exception error) when (error is OrleansException or TimeoutException)
        {
            return new(AdmissionKind.Undecided, null);
        }
    }

    Results<Accepted<CallbackBody>, Refusal> Answer(Admission admission) => admission switch
    {
        { Kind: AdmissionKind.Admitted, Callback: { } callback } =>
            TypedResults.Accepted($"/v1/callbacks/{callback.Id}", CallbackBody.From(callback, web.Currency)),
        { Kind: AdmissionKind.Refused, Callback: { Outcome: { } outcome } callback } =>
            new Refusal(Problems.Refused(outcome)) { Detail = "Nothing was rung.", Callback = callback.Id },
        { Kind: AdmissionKind.KeyReused } => new Refusal(Problems.IdempotencyKeyReused),
        { Kind: AdmissionKind.UnknownMerchant } => new Refusal(Problems.UnknownMerchant),
        { Kind: AdmissionKind.Undecided } => new Refusal(Problems.Undecided)
        {
            Detail = "Send the request again with the same Idempotency-Key to learn what became of it, or with another one to place a new one.",
            RetryAfter = RetryWhenUndecided,
        },
        _ => throw new InvalidOperationException($"Admission {admission.Kind} came without what it needs: {admission.Callback}."),
    };
}
