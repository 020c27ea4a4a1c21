using System.Data.Common;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Orleans.Runtime;

namespace OrleansCallback.Web.Errors;

/// <summary>Turns what was thrown into a refusal: unreadable requests, an unreachable cluster, and faults of ours.</summary>
public sealed partial class ThrownErrors(ILogger<ThrownErrors> log) : IExceptionHandler
{
    static readonly TimeSpan RetryWhenUnavailable = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
            return true;
        await RefusalFor(httpContext, exception).ExecuteAsync(httpContext);
        return true;
    }

    Refusal RefusalFor(HttpContext context, Exception exception)
    {
        // The handler runs outside routing: the context has no endpoint any more.
        var endpoint = context.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.DisplayName;
        switch (exception)
        {
            case BadHttpRequestException bad:
                return Problems.ForStatus(bad.StatusCode).Because(Detail(bad));
            case OrleansException or TimeoutException or DbException:
                ClusterUnreachable(exception, context.Request.Method, endpoint);
                return new(Problems.Unavailable) { RetryAfter = RetryWhenUnavailable };
            default:
                Unhandled(exception, context.Request.Method, endpoint);
                return Problems.Internal.Because("The log has more under the trace id.");
        }
    }

    /// <summary>Where the JSON is wrong, without the framework's text: that names types of ours.</summary>
    static string Detail(BadHttpRequestException bad) => bad.InnerException switch
    {
        JsonException { Path: { } path, LineNumber: { } line } =>
            $"The JSON body cannot be read at {path}, line {line + 1}: check its form and the names and types of its members.",
        JsonException => "The body is not valid JSON.",
        _ when bad.StatusCode == StatusCodes.Status413PayloadTooLarge => "The body is longer than this server takes.",
        _ when bad.StatusCode == StatusCodes.Status415UnsupportedMediaType => "Send the body as application/json.",
        _ => "The request or its body is missing something or is not well formed.",
    };
}
