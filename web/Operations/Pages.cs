namespace OrleansCallback.Web.Operations;

/// <summary>The page's files.</summary>
public static class Pages
{
    /// <summary>
    /// The builder's content root: the current folder if the page lies there (dotnet run), otherwise the folder of the program, into which
    /// the page is copied.
    /// </summary>
    public static WebApplicationOptions Options(string[] args) => new()
    {
        Args = args,
        ContentRootPath = File.Exists(Path.Combine("wwwroot", "index.html")) ? null : AppContext.BaseDirectory,
    };

    /// <summary>Serves them; a browser asks each time whether they are still the same.</summary>
    public static WebApplication UsePages(this WebApplication app)
    {
        app.UseDefaultFiles();
        app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "no-cache" });
        return app;
    }
}
