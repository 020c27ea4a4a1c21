using Microsoft.Playwright;

namespace OrleansCallback.Tests.Web.Browser;

/// <summary>Debian's Chromium, driven by Playwright.</summary>
public sealed class Chromium : IAsyncLifetime
{
    const string Executable = "/usr/bin/chromium";

    IPlaywright? playwright;
    IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Executable,
            Args =
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
    }

    /// <summary>A page in a profile of its own, at a width; what goes wrong in its scripts is collected.</summary>
    public async Task<(IPage Page, List<string> Errors)> OpenAsync(Uri address, int width)
    {
        var context = await browser!.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = width < 600 ? 740 : 900 }, Locale = "en-GB" });
        context.SetDefaultTimeout(15_000);
        var page = await context.NewPageAsync();
        var errors = new List<string>();
        page.PageError += (_, error) => errors.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.Contains("the server responded with a status of 4", StringComparison.Ordinal))
                errors.Add(message.Text);
        };
        await page.GotoAsync(address.ToString());
        return (page, errors);
    }

    /// <summary>Keeps a picture when SCREENSHOTS names a folder.</summary>
    public static async Task PictureAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{page.ViewportSize!.Width}.png"), FullPage = true });
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
    }
}
