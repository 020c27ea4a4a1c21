namespace OrleansCallback.Web.Errors;

/// <summary>A kind of refusal that programs can rely on: its status, its code and its title never change.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Stable name in snake case; stands in the body as <c>code</c> and at the end of <c>type</c>.</param>
/// <param name="Title">The same for people.</param>
public sealed record ProblemKind(int Status, string Code, string Title)
{
    /// <summary>The problem's type URI (RFC 9457 §3.1.1).</summary>
    public string Type => $"urn:orleans-callback:problem:{Code}";

    /// <summary>The refusal with what the caller should know beyond the kind.</summary>
    public Refusal Because(string detail) => new(this) { Detail = detail };
}
