using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OrleansCallback.Tests.Web.Embedded;

namespace OrleansCallback.Tests.Web.Browser;

/// <summary>The whole job as a person does it, at a phone's and at a desktop's width, against the embedded default.</summary>
[Collection(EmbeddedServer.Shared)]
public sealed class PageTests(EmbeddedServer server, Chromium chromium) : IClassFixture<Chromium>
{
    const int Phone = 360;
    const int Desktop = 1440;

    [Theory]
    [InlineData(Phone)]
    [InlineData(Desktop)]
    public async Task A_member_logs_in_changes_the_number_and_is_connected(int width)
    {
        var (page, errors) = await chromium.OpenAsync(server.Address, width);
        await Assertions.Expect(Button(page, "Call Surgery Dr. Vogel")).ToBeVisibleAsync();
        await AssertFitsAsync(page);
        await Chromium.PictureAsync(page, "1-directory");

        await Button(page, "Call Bakery Sonnenschein").ClickAsync();
        await LogInAsync(page, "alice", "wrong");
        await Assertions.Expect(page.Locator("#login-error")).ToHaveTextAsync("Account or password is wrong.");
        await Chromium.PictureAsync(page, "2-wrong-password");
        await LogInAsync(page, "alice", "callback");
        await Assertions.Expect(page.Locator("#number")).ToHaveValueAsync("+491713920020");
        await Assertions.Expect(page.Locator("#number")).ToBeFocusedAsync();
        await Chromium.PictureAsync(page, "3-number");

        await page.Locator("#number").FillAsync("030 12");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#number-error")).ToContainTextAsync("is not a number that can be rung");
        await Assertions.Expect(page.Locator("#number")).ToHaveAttributeAsync("aria-invalid", "true");
        await AssertFitsAsync(page);
        await Chromium.PictureAsync(page, "4-invalid-number");

        await page.Locator("#number").FillAsync("0171 / 39 200 10");
        await page.Keyboard.PressAsync("Enter");
        var sentence = page.Locator("#call-sentence");
        await Assertions.Expect(sentence).ToHaveTextAsync("We are ringing you now. Please pick up.");
        await Assertions.Expect(page.Locator("#call-numbers")).ToContainTextAsync("+491713920010");
        await Assertions.Expect(sentence).ToHaveTextAsync("Please hold: we are ringing Bakery Sonnenschein.");
        await AssertFitsAsync(page);
        await Chromium.PictureAsync(page, "5-ringing-merchant");
        await Assertions.Expect(sentence).ToHaveTextAsync("You are connected with Bakery Sonnenschein.");
        await Assertions.Expect(page.Locator("[aria-current=step]")).ToHaveTextAsync("Connected");
        await Chromium.PictureAsync(page, "6-connected");

        await page.ReloadAsync();
        await Assertions.Expect(sentence).ToHaveTextAsync("You are connected with Bakery Sonnenschein.");
        await Button(page, "Hang up").ClickAsync();
        await Assertions.Expect(sentence).ToHaveTextAsync("The call has ended. You hung up.");
        await Assertions.Expect(page.Locator("#call-price")).ToContainTextAsync("Price of the call: €");
        await AssertFitsAsync(page);
        await Chromium.PictureAsync(page, "7-ended");
        await Button(page, "Back to the directory").ClickAsync();
        await Assertions.Expect(page.Locator("#call")).ToBeHiddenAsync();
        Assert.Empty(errors);
    }

    [Theory]
    [InlineData(Phone)]
    [InlineData(Desktop)]
    public async Task A_member_sets_up_a_VoIP_phone_and_chooses_that_it_rings(int width)
    {
        var (page, errors) = await chromium.OpenAsync(server.Address, width);
        await Button(page, "Log in").ClickAsync();
        await LogInAsync(page, "bob", "callback");
        await Button(page, "My phones").ClickAsync();
        await Button(page, "Set up a phone").ClickAsync();
        await Assertions.Expect(page.Locator("#phone-domain")).ToHaveTextAsync("phones.test");
        await Assertions.Expect(page.Locator("#phone-transport")).ToHaveTextAsync("udp");
        await Assertions.Expect(page.Locator("#phone-password")).ToHaveTextAsync(new Regex("^[a-z0-9]{20}$"));
        await Assertions.Expect(page.Locator("#phone-qr path")).ToHaveAttributeAsync("d", new Regex("^M4 4h1v1h-1z"));
        var account = await page.Locator("#phone-account").TextContentAsync();
        await AssertFitsAsync(page);
        await Chromium.PictureAsync(page, "9-phone");
        await page.Locator("#phones-ring").ClickAsync();
        await Assertions.Expect(page.Locator("#phones-ring")).ToBeCheckedAsync();
        await Button(page, "Close").ClickAsync();
        await Assertions.Expect(page.Locator("#phone-password")).ToHaveTextAsync("");

        await Button(page, "Call Bakery Sonnenschein").ClickAsync();
        await Assertions.Expect(page.Locator("#number-phone")).ToBeCheckedAsync();
        await Button(page, "Ring me now").ClickAsync();
        await Assertions.Expect(page.Locator("#number-error")).ToHaveTextAsync("None of your VoIP phones is connected. Nothing was rung.");
        await Button(page, "Cancel").ClickAsync();
        await Button(page, "My phones").ClickAsync();
        await Button(page, $"Remove {account}").ClickAsync();
        await Assertions.Expect(page.Locator("#phones-list li", new() { HasText = account })).ToHaveCountAsync(0);
        await page.Locator("#phones-ring").ClickAsync();
        await Assertions.Expect(page.Locator("#phones-ring")).Not.ToBeCheckedAsync();
        Assert.Empty(errors);
    }

    [Theory]
    [InlineData(Phone)]
    [InlineData(Desktop)]
    public async Task A_call_is_canceled_while_the_members_phone_rings(int width)
    {
        var (page, errors) = await chromium.OpenAsync(server.Address, width);
        await OrderAsync(page, "alice", "Florist Margerite", "+493023125105");
        await Assertions.Expect(page.Locator("#call-sentence")).ToHaveTextAsync("We are ringing you now. Please pick up.");
        await Assertions.Expect(Button(page, "Call Florist Margerite")).ToBeDisabledAsync();
        await Button(page, "Cancel the call").ClickAsync();
        await Assertions.Expect(page.Locator("#call-sentence")).ToHaveTextAsync("You canceled the call.");
        await Assertions.Expect(Button(page, "Call Florist Margerite")).ToBeEnabledAsync();
        await Chromium.PictureAsync(page, "8-canceled");
        Assert.Empty(errors);
    }

    [Theory]
    [InlineData(Phone)]
    [InlineData(Desktop)]
    public async Task A_member_without_credit_is_told_so_and_nothing_rings(int width)
    {
        const string number = "+493023125016";
        var (page, errors) = await chromium.OpenAsync(server.Address, width);
        await OrderAsync(page, "bob", "Bakery Sonnenschein", number);
        await Assertions.Expect(page.Locator("#number-error")).ToHaveTextAsync("There is not enough credit for this call. Nothing was rung.");
        await Chromium.PictureAsync(page, "9-no-credit");
        Assert.Equal(0, server.Rung(number));
        Assert.Empty(errors);
    }

    [Fact]
    public async Task A_busy_merchant_is_told_in_a_sentence()
    {
        var (page, errors) = await chromium.OpenAsync(server.Address, Phone);
        await OrderAsync(page, "alice", "Surgery Dr. Vogel", "+493023125001");
        await Assertions.Expect(page.Locator("#call-sentence")).ToHaveTextAsync("Surgery Dr. Vogel is on another call. Try again in a few minutes.");
        await Assertions.Expect(page.Locator("#call-steps li").Last).ToHaveClassAsync("failed");
        await Chromium.PictureAsync(page, "10-merchant-busy");
        Assert.Empty(errors);
    }

    static async Task OrderAsync(IPage page, string account, string merchant, string number)
    {
        await Button(page, $"Call {merchant}").ClickAsync();
        await LogInAsync(page, account, "callback");
        await page.Locator("#number").FillAsync(number);
        await Button(page, "Ring me now").ClickAsync();
    }

    static async Task LogInAsync(IPage page, string account, string password)
    {
        await page.GetByLabel("Account").FillAsync(account);
        await page.GetByLabel("Password").FillAsync(password);
        await page.Locator("#login-form [type=submit]").ClickAsync();
    }

    static ILocator Button(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    static async Task AssertFitsAsync(IPage page) =>
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), "the page scrolls sideways");
}
