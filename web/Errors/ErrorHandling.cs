using Microsoft.AspNetCore.Mvc;

namespace OrleansCallback.Web.Errors;

/// <summary>Problem details for every error of every endpoint, the framework's own included.</summary>
public static class ErrorHandling
{
    /// <summary>Registers the handlers; unreadable bodies are thrown so that their refusal can say where they are wrong.</summary>
    public static WebApplicationBuilder AddErrors(this WebApplicationBuilder builder)
    {
        builder.Services.AddExceptionHandler<ThrownErrors>();
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        return builder;
    }

    /// <summary>Stands first in the pipeline.</summary>
    public static WebApplication UseErrors(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = _ => Task.CompletedTask, AllowStatusCode404Response = true });
        app.UseStatusCodePages(pages => new Refusal(Problems.ForStatus(pages.HttpContext.Response.StatusCode)).ExecuteAsync(pages.HttpContext));
        return app;
    }

    /// <summary>Names in the OpenAPI document how an endpoint may refuse.</summary>
    public static TBuilder Refuses<TBuilder>(this TBuilder endpoint, params ProblemKind[] kinds) where TBuilder : IEndpointConventionBuilder
    {
        foreach (var status in kinds.GroupBy(kind => kind.Status))
        {
            endpoint.WithMetadata(new ProducesResponseTypeMetadata(status.Key, typeof(ProblemDetails), ["application/problem+json"])
            {
                Description = string.Join("; ", status.Select(kind => $"`{kind.Code}`: {kind.Title}")),
            });
        }

        return endpoint;
    }
}
