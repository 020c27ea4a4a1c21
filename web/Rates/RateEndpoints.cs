using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using OrleansCallback.Calls;
using OrleansCallback.Rates;
using OrleansCallback.Silo.Settings;
using OrleansCallback.Web.Errors;
using OrleansCallback.Web.Merchants;
using OrleansCallback.Web.Security;
using OrleansCallback.Web.Settings;

namespace OrleansCallback.Web.Rates;

/// <summary>Decks of rates: imported as files, never changed, assigned to trunks and classes of payers; in force within seconds.</summary>
public static class RateEndpoints
{
    /// <summary>The operation that takes a file.</summary>
    public const string Import = "import_deck";

    /// <summary>No other is taken: a dry run under a misspelt name must not store.</summary>
    static readonly string[] Parameters = ["time_zone", "valid_from", "valid_to", "dry_run"];

    /// <summary>Stands for all classes of payers where a deck is assigned.</summary>
    const string AllPayers = "all";

    /// <summary>Maps <c>/v1/admin/rates</c>.</summary>
    public static void MapRates(this IEndpointRouteBuilder app)
    {
        var rates = app.MapGroup("/v1/admin/rates").WithTags("rates").RequireAuthorization(Roles.SiteAdminOrFinance)
            .Refuses(Problems.NotLoggedIn, Problems.Forbidden, Problems.Unavailable);
        rates.MapGet("/", ListAsync).WithName("list_rates").WithSummary("All decks with their versions, and what they are assigned to");
        rates.MapPost("/decks/{deck}/versions", ImportAsync).WithName(Import).WithSummary("Makes a version of a deck from a CSV file")
            .WithDescription("With dry_run=true nothing is stored: the answer says what the file would change. docs/rates.md describes the file.")
            .WithMetadata(new RequestSizeLimitAttribute(DeckUpload.LargestFile))
            .Refuses(Problems.MalformedRequest, Problems.NotCsv, Problems.BodyTooLarge, Problems.InvalidRequest, Problems.InvalidDeck,
                Problems.ImportOvertaken);
        rates.MapGet("/decks/{deck}/versions/{version:int}/rates", ExportAsync).WithName("export_deck").WithSummary("A version's file")
            .Produces<string>(contentType: DeckText.MediaType).Refuses(Problems.UnknownRateVersion);
        rates.MapDelete("/decks/{deck}/versions/{version:int}", RemoveAsync).WithName("remove_deck_version")
            .WithSummary("Deletes a version that no silo has taken into use").Refuses(Problems.UnknownRateVersion, Problems.RateVersionUsed);
        rates.MapPut("/assignments/{trunk}/{payer}", AssignAsync).WithName("assign_deck")
            .WithSummary("Assigns a deck to a trunk (or all, terminals) and a class of payers (or all)")
            .Refuses(Problems.MalformedRequest, Problems.InvalidRequest);
        rates.MapDelete("/assignments/{trunk}/{payer}", UnassignAsync).WithName("unassign_deck")
            .WithSummary("Takes an assignment away").Refuses(Problems.UnknownAssignment);
    }

    static async Task<Ok<RatesBody>> ListAsync(IGrainFactory grains, WebOptions web)
    {
        var (stored, inForce) = await Rates(grains, web).List();
        return TypedResults.Ok(RatesBody.From(stored, inForce));
    }

    static async Task<Results<Ok<DeckImportBody>, Created<DeckImportBody>, Refusal>> ImportAsync(
        string deck, HttpRequest request, ClaimsPrincipal user, IGrainFactory grains, WebOptions web,
        [FromQuery(Name = "time_zone")] string? timeZone = null,
        [FromQuery(Name = "valid_from")] string? validFrom = null,
        [FromQuery(Name = "valid_to")] string? validTo = null,
        [FromQuery(Name = "dry_run")] bool dryRun = false)
    {
        if (!MerchantId.IsValid(deck))
            return Problems.InvalidRequest.Because($"'{deck}' cannot name a deck. {MerchantId.Rule}");
        if (request.Query.Keys.Except(Parameters).FirstOrDefault() is { } unknown)
            return Problems.InvalidRequest.Because($"There is no parameter '{unknown}'; there are {string.Join(", ", Parameters)}.");
        if (!DeckText.IsCsv(request.ContentType))
            return Problems.NotCsv.Because("Send the file as text/csv in UTF-8.");
        var grain = grains.GetGrain<IRateDeckGrain>(GrainKeys.RateDeck(web.Site, deck));
        if (await DeckText.UploadAsync(request.Body, grain, request.HttpContext.RequestAborted) is not { } file)
            return new Refusal(Problems.ImportOvertaken);
        var imported = await grain.Finish(
            file, new(web.Currency, timeZone ?? "UTC", validFrom, validTo, Login.AccountOf(user), dryRun));
        return imported.Result switch
        {
            DeckImportResult.Stored when imported.Version is { } version =>
                TypedResults.Created($"/v1/admin/rates/decks/{deck}/versions/{version.Number}/rates", DeckImportBody.From(imported, version)),
            DeckImportResult.Compared when imported.Version is { } version => TypedResults.Ok(DeckImportBody.From(imported, version)),
            DeckImportResult.WrongTerms => Problems.InvalidRequest.Because(imported.Wrong ?? ""),
            DeckImportResult.WrongFile => DeckErrorBody.Refusal(imported),
            _ => new Refusal(Problems.ImportOvertaken),
        };
    }

    static async Task<Results<DeckText, Refusal>> ExportAsync(string deck, int version, IGrainFactory grains, WebOptions web) =>
        MerchantId.IsValid(deck) && await Rates(grains, web).Page(deck, version, 0) is { } first
            ? new DeckText($"{deck}-{version}.csv", first, after => Rates(grains, web).Page(deck, version, after))
            : new Refusal(Problems.UnknownRateVersion);

    static async Task<Results<NoContent, Refusal>> RemoveAsync(string deck, int version, IGrainFactory grains, WebOptions web) =>
        !MerchantId.IsValid(deck) ? new Refusal(Problems.UnknownRateVersion) : await Rates(grains, web).Remove(deck, version) switch
        {
            RemovedVersion.Removed => TypedResults.NoContent(),
            RemovedVersion.Used => Problems.RateVersionUsed.Because("Calls may have named it: import another version in its place."),
            _ => new Refusal(Problems.UnknownRateVersion),
        };

    static async Task<Results<Ok<AssignmentBody>, Refusal>> AssignAsync(
        string trunk, string payer, AssignDeckBody body, IGrainFactory grains, WebOptions web)
    {
        if (!IsTrunk(trunk))
            return Problems.InvalidRequest.Because($"'{trunk}' is no trunk; write its id, {DeckAssignment.AllTrunks} or {DeckAssignment.Terminals}.");
        if (!TryPayer(payer, out var who))
            return Problems.InvalidRequest.Because($"'{payer}' is no class of payers; write member, merchant, sponsor or {AllPayers}.");
        if (!MerchantId.IsValid(body.Deck) || !await Rates(grains, web).Assign(new(trunk, who, body.Deck)))
            return Problems.InvalidRequest.Because($"There is no deck '{body.Deck}'; import it first.");
        return TypedResults.Ok(new AssignmentBody(trunk, payer, body.Deck));
    }

    static async Task<Results<NoContent, Refusal>> UnassignAsync(string trunk, string payer, IGrainFactory grains, WebOptions web) =>
        IsTrunk(trunk) && TryPayer(payer, out var who) && await Rates(grains, web).Unassign(trunk, who)
            ? TypedResults.NoContent()
            : new Refusal(Problems.UnknownAssignment);

    static bool IsTrunk(string trunk) => TrunkRules.IsId(trunk) || trunk is DeckAssignment.AllTrunks or DeckAssignment.Terminals;

    static bool TryPayer(string text, out Payer? payer)
    {
        payer = Enum.GetValues<Payer>().Where(known => WireName.Of(known) == text).Select(known => (Payer?)known).FirstOrDefault();
        return payer is not null || text == AllPayers;
    }

    static IRatesGrain Rates(IGrainFactory grains, WebOptions web) => grains.GetGrain<IRatesGrain>(web.Site);
}
