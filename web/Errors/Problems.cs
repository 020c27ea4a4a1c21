using OrleansCallback.Calls;

namespace OrleansCallback.Web.Errors;

/// <summary>Every refusal that the API knows.</summary>
public static class Problems
{
    public static readonly ProblemKind MalformedRequest = new(400, "malformed_request", "The request cannot be read");
    public static readonly ProblemKind IdempotencyKeyRequired = new(400, "idempotency_key_required", "The Idempotency-Key header is missing");
    public static readonly ProblemKind IdempotencyKeyInvalid = new(400, "idempotency_key_invalid", "The Idempotency-Key header cannot be used");
    public static readonly ProblemKind NotLoggedIn = new(401, "not_logged_in", "A login is needed");
    public static readonly ProblemKind WrongCredentials = new(401, "wrong_credentials", "Account or password is wrong");
    public static readonly ProblemKind InsufficientFunds = new(402, "insufficient_funds", "The payer has too little credit");
    public static readonly ProblemKind Forbidden = new(403, "forbidden", "This login may not do that");
    public static readonly ProblemKind CrossSite = new(403, "cross_site", "The request came from another site's page");
    public static readonly ProblemKind NotFound = new(404, "not_found", "There is nothing at this address");
    public static readonly ProblemKind UnknownMerchant = new(404, "unknown_merchant", "There is no such merchant");
    public static readonly ProblemKind UnknownCallback = new(404, "unknown_callback", "There is no such callback");
    public static readonly ProblemKind UnknownWallet = new(404, "unknown_wallet", "There is no such wallet");
    public static readonly ProblemKind UnknownTrunk = new(404, "unknown_trunk", "There is no such trunk");
    public static readonly ProblemKind UnknownRoute = new(404, "unknown_route", "There is no such route");
    public static readonly ProblemKind UnknownTerminal = new(404, "unknown_terminal", "There is no such terminal");
    public static readonly ProblemKind UnknownRateVersion = new(404, "unknown_rate_version", "There is no such version of a deck");
    public static readonly ProblemKind UnknownAssignment = new(404, "unknown_assignment", "No deck is assigned there");
    public static readonly ProblemKind MethodNotAllowed = new(405, "method_not_allowed", "This address does not take that method");
    public static readonly ProblemKind AccountTaken = new(409, "account_taken", "The account is another owner's");
    public static readonly ProblemKind TooManyTerminals = new(409, "too_many_terminals", "There are as many terminals as one may have");
    public static readonly ProblemKind NoTerminals = new(409, "no_terminals", "This site offers no VoIP terminals");
    public static readonly ProblemKind TrunkNeeded = new(409, "trunk_needed", "A route has no other trunk");
    public static readonly ProblemKind RateVersionUsed = new(409, "rate_version_used", "A version that is used stays");
    public static readonly ProblemKind ImportOvertaken = new(409, "import_overtaken", "Another import of this deck was begun; nothing was stored");
    public static readonly ProblemKind BodyTooLarge = new(413, "body_too_large", "The body is too large");
    public static readonly ProblemKind UnsupportedMediaType = new(415, "unsupported_media_type", "The body must be application/json");
    public static readonly ProblemKind NotCsv = new(415, "not_csv", "The body must be text/csv");
    public static readonly ProblemKind InvalidRequest = new(422, "invalid_request", "A value cannot be used");
    public static readonly ProblemKind InvalidNumber = new(422, "invalid_number", "The telephone number cannot be used");
    public static readonly ProblemKind InvalidDeck = new(422, "invalid_deck", "The file cannot be used");
    public static readonly ProblemKind IdempotencyKeyReused = new(422, "idempotency_key_reused", "The Idempotency-Key was used with another body");
    public static readonly ProblemKind TooManyFailures = new(429, "too_many_failures", "Too many failed logins");
    public static readonly ProblemKind TooManyLogins = new(429, "too_many_logins", "Too many logins from this address");
    public static readonly ProblemKind TooManyReaders = new(429, "too_many_readers", "Too many readers of this callback's events");
    public static readonly ProblemKind Internal = new(500, "internal", "A fault of ours");
    public static readonly ProblemKind Undecided = new(503, "undecided", "It could not be decided in time; nothing rings for this request");
    public static readonly ProblemKind Unavailable = new(503, "unavailable", "The cluster cannot be reached");

    /// <summary>The problem that tells of a callback refused before anything rang; its code is the outcome's name.</summary>
    public static ProblemKind Refused(CallOutcome outcome) => outcome switch
    {
        CallOutcome.InsufficientFunds => InsufficientFunds,
        CallOutcome.AlreadyActive => Named(409, outcome, "Another callback of this member or number is live"),
        CallOutcome.NoRate => Named(422, outcome, "There is no rate for one of the numbers"),
        CallOutcome.DestinationBlocked => Named(422, outcome, "The number may not be rung"),
        CallOutcome.OutsideHours => Named(422, outcome, "The merchant takes no calls at this hour"),
        CallOutcome.MemberUnreachable => Named(409, outcome, "No phone of the member's is registered"),
        CallOutcome.MerchantUnreachable => Named(409, outcome, "No phone of the merchant's is registered"),
        CallOutcome.CanceledByMember => Named(409, outcome, "The callback was canceled"),
        CallOutcome.TrunkUnavailable => Named(503, outcome, "No trunk can carry the call"),
        CallOutcome.NoCapacity => Named(503, outcome, "All channels are in use"),
        _ => Named(503, outcome, "The callback could not be placed"),
    };

    /// <summary>The problem for a status that a middleware or the server set without saying more.</summary>
    public static ProblemKind ForStatus(int status) => status switch
    {
        400 => MalformedRequest,
        401 => NotLoggedIn,
        403 => Forbidden,
        404 => NotFound,
        405 => MethodNotAllowed,
        413 => BodyTooLarge,
        415 => UnsupportedMediaType,
        503 => Unavailable,
        >= 500 => Internal with { Status = status },
        _ => MalformedRequest with { Status = status },
    };

    static ProblemKind Named(int status, CallOutcome outcome, string title) => new(status, WireName.Of(outcome), title);
}
