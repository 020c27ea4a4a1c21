using System.Buffers;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;
using OrleansCallback.Calls;
using OrleansCallback.Web.Settings;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace OrleansCallback.Web.Callbacks;

/// <summary>Writes a callback's events as server-sent events (HTML standard §9.2), each with its number as id.</summary>
public sealed class ServerSentEvents(CallEventReader reader) : IResult, IEndpointMetadataProvider
{
    /// <summary>How often a silent stream says that it lives: proxies cut idle ones.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    static readonly byte[] Opening = "retry: 1000\n\n"u8.ToArray();
    static readonly byte[] Comment = ":\n\n"u8.ToArray();

    /// <inheritdoc/>
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(EventBody), ["text/event-stream"]));

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using (reader)
        {
            var response = httpContext.Response;
            response.ContentType = "text/event-stream";
            response.Headers["X-Accel-Buffering"] = "no";
            httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            try
            {
                await WriteAsync(response, httpContext.RequestServices, httpContext.RequestAborted);
            }
            catch (OperationCanceledException) when (httpContext.RequestAborted.IsCancellationRequested)
            {
                // The reader went away.
            }
        }
    }

    async Task WriteAsync(HttpResponse response, IServiceProvider services, CancellationToken cancellation)
    {
        var time = services.GetRequiredService<TimeProvider>();
        var json = services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var currency = services.GetRequiredService<WebOptions>().Currency;
        await SendAsync(response, Opening, cancellation);
        var events = reader.ReadAsync().GetAsyncEnumerator(cancellation);
        for (var next = events.MoveNextAsync().AsTask(); ;)
        {
            if (!next.IsCompleted && await SilentAsync(next, time, cancellation))
            {
                await SendAsync(response, Comment, cancellation);
                continue;
            }

            if (!await next)
                return;
            await SendAsync(response, Frame(events.Current, currency, json), cancellation);
            next = events.MoveNextAsync().AsTask();
        }
    }

    /// <summary>Waits for the next event; true if none came before a heartbeat is due.</summary>
    static async Task<bool> SilentAsync(Task next, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            await next.WaitAsync(Heartbeat, time, cancellation);
            return false;
        }
        catch (TimeoutException)
        {
            return true;
        }
    }

    static byte[] Frame(CallEvent step, string currency, JsonSerializerOptions json)
    {
        var frame = new ArrayBufferWriter<byte>(256);
        frame.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {step.Number}\ndata: ")));
        frame.Write(JsonSerializer.SerializeToUtf8Bytes(EventBody.From(step, currency), json));
        frame.Write("\n\n"u8);
        return frame.WrittenSpan.ToArray();
    }

    static async Task SendAsync(HttpResponse response, byte[] bytes, CancellationToken cancellation)
    {
        await response.Body.WriteAsync(bytes, cancellation);
        await response.Body.FlushAsync(cancellation);
    }
}
