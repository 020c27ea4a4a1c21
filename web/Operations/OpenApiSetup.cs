using Microsoft.OpenApi;
using OrleansCallback.Web.Callbacks;
using OrleansCallback.Web.Rates;

namespace OrleansCallback.Web.Operations;

/// <summary>The API's description at <c>/openapi/v1.json</c>.</summary>
public static class OpenApiSetup
{
    const string Bearer = "bearer";

    static readonly string[] KeyedOperations = ["place_callback", "top_up"];

    /// <summary>Registers the document.</summary>
    public static WebApplicationBuilder AddDescription(this WebApplicationBuilder builder)
    {
        builder.Services.AddOpenApi("v1", options =>
        {
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new() { Title = "OrleansCallback", Version = "v1", Description = "Web callbacks: ring the member, then the merchant, and connect them." };
                document.Components ??= new();
                document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
                {
                    [Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = Bearer, Description = "The token of POST /v1/sessions" },
                };
                return Task.CompletedTask;
            });
            options.AddOperationTransformer((operation, context, _) =>
            {
                if (KeyedOperations.Contains(operation.OperationId))
                    (operation.Parameters ??= []).Add(KeyHeader());
                if (operation.OperationId == RateEndpoints.Import)
                    operation.RequestBody = DeckFile();
                if (context.Description.ActionDescriptor.EndpointMetadata.OfType<Microsoft.AspNetCore.Authorization.IAuthorizeData>().Any())
                    operation.Security = [new() { [new(Bearer, context.Document)] = [] }];
                return Task.CompletedTask;
            });
        });
        return builder;
    }

    static OpenApiRequestBody DeckFile() => new()
    {
        Required = true,
        Description = "The deck's file.",
        Content = new Dictionary<string, OpenApiMediaType>
        {
            [DeckText.MediaType] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
        },
    };

    static OpenApiParameter KeyHeader() => new()
    {
        Name = IdempotencyKey.Header,
        In = ParameterLocation.Header,
        Required = true,
        Description = "The caller's own name for this request; a repeat sends the same.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = IdempotencyKey.Longest },
    };
}
