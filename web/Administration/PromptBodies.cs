using OrleansCallback.Calls;
using OrleansCallback.Merchants;
using OrleansCallback.Web.Callbacks;

namespace OrleansCallback.Web.Administration;

/// <summary>How a person is asked to press 1 before a call goes on, so that no machine is connected.</summary>
/// <param name="Seconds">How long each time after the request was said, 1 to 60; left out: 5.</param>
/// <param name="Repeats">How often it is said again after a wrong key or silence, 0 to 9; left out: 2.</param>
public sealed record ConfirmationBody(double? Seconds = null, int? Repeats = null)
{
    const int MostSeconds = 60, MostRepeats = 9;

    /// <summary>The request as the API shows it.</summary>
    public static ConfirmationBody? From(Confirmation? confirmation) =>
        confirmation is null ? null : new(confirmation.Limit.TotalSeconds, confirmation.Repeats);

    /// <summary>The request as it is stored.</summary>
    public static Confirmation? Of(ConfirmationBody? body) => body is null ? null : new(
        body.Seconds is { } seconds ? TimeSpan.FromSeconds(seconds) : Confirmation.Usual.Limit, body.Repeats ?? Confirmation.Usual.Repeats);

    /// <summary>What is wrong with it; null: nothing.</summary>
    public static string? Wrong(string name, ConfirmationBody? body) => body switch
    {
        { Seconds: not (null or (>= 1 and <= MostSeconds)) } => $"{name}.seconds is 1 to {MostSeconds}.",
        { Repeats: not (null or (>= 0 and <= MostRepeats)) } => $"{name}.repeats is 0 to {MostRepeats}.",
        _ => null,
    };
}
