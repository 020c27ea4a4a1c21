using System.Net.Mime;
using System.Text;
using Microsoft.Net.Http.Headers;
using OrleansCallback.Rates;

namespace OrleansCallback.Web.Rates;

/// <summary>A deck's file on its way from and to who calls, never in memory as a whole here.</summary>
public sealed class DeckText(string name, DeckPage first, Func<int, Task<DeckPage?>> next) : IResult
{
    /// <summary>What a file is.</summary>
    public const string MediaType = MediaTypeNames.Text.Csv;

    /// <summary>Whether a body says that it is such a file, in an encoding that is read.</summary>
    public static bool IsCsv(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    /// <summary>Hands a body over piece by piece; null: another file of the deck came in between.</summary>
    public static async Task<Guid?> UploadAsync(Stream body, IRateDeckGrain grain, CancellationToken cancellation)
    {
        var file = Guid.NewGuid();
        await grain.Begin(file);
        var buffer = new byte[DeckUpload.LargestPiece];
        while (await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation) is > 0 and var read)
        {
            if (!await grain.Add(file, buffer[..read])) return null;
        }

        return file;
    }

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = $"{MediaType}; charset=utf-8";
        response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
        for (DeckPage? page = first; page is not null; page = page.Last is { } last ? await next(last) : null)
            await response.Body.WriteAsync(Encoding.UTF8.GetBytes(page.Text), httpContext.RequestAborted);
    }
}
