using System.Globalization;
using Microsoft.AspNetCore.Mvc;

namespace OrleansCallback.Web.Errors;

/// <summary>The one way in which this server says no: problem details (RFC 9457), whatever the caller's Accept header asks for.</summary>
public sealed class Refusal(ProblemKind kind) : IResult, IStatusCodeHttpResult
{
    const string MediaType = "application/problem+json";

    /// <summary>What the caller should know beyond the kind.</summary>
    public string? Detail { get; init; }

    /// <summary>When another try makes sense; the Retry-After header in whole seconds, at least one.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The callback that the refusal is about.</summary>
    public string? Callback { get; init; }

    /// <summary>Further members of the body (RFC 9457 §3.2).</summary>
    public IReadOnlyDictionary<string, object?> More { get; init; } = new Dictionary<string, object?>();

    /// <inheritdoc/>
    public int? StatusCode => kind.Status;

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = kind.Status;
        if (RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (kind.Status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "Bearer";
        return response.WriteAsJsonAsync(Body(httpContext), options: null, MediaType, httpContext.RequestAborted);
    }

    ProblemDetails Body(HttpContext context)
    {
        var problem = new ProblemDetails
        {
            Type = kind.Type,
            Title = kind.Title,
            Status = kind.Status,
            Detail = Detail,
            Instance = context.Request.Path,
            Extensions = { ["code"] = kind.Code, ["trace_id"] = context.TraceIdentifier },
        };
        if (Callback is not null)
            problem.Extensions["callback"] = Callback;
        foreach (var (name, value) in More)
            problem.Extensions[name] = value;
        return problem;
    }
}
