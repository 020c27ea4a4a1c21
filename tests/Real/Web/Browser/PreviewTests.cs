using Microsoft.Playwright;
using OrleansCallback.Calls;
using OrleansCallback.Merchants;
using OrleansCallback.Tests.Web.StandIn;

namespace OrleansCallback.Tests.Web.Browser;

public sealed class PreviewTests(StandInServer server, Chromium chromium) : IClassFixture<StandInServer>, IClassFixture<Chromium>
{
    [Theory]
    [InlineData(360)]
    [InlineData(1440)]
    public async Task Looks(int width)
    {
        PhoneNumber.TryParse("030 23125-001", "DE", out var n, out _);
        server.Cluster.Merchants["b"] = new("b", "Café Morgenrot", "Breakfast all day, cakes to order, and a table by the window.", n, Payer.Merchant);
        server.Cluster.Merchants["c"] = new("c", "Lindner Plumbing", "Emergencies day and night.", n, Payer.Sponsor);
        server.Cluster.OnPlace = request =>
        {
            CallbackView View(CallStatus status) => new() { Id = request.CallbackId, Caller = "Alice", Merchant = request.Merchant, MemberNumber = request.MemberNumber.E164, Payer = Payer.Member, Status = status, CreatedAt = DateTimeOffset.UtcNow, LastEvent = 1 };
            async IAsyncEnumerable<CallEvent> Steps(long after)
            {
                CallStatus[] steps = [CallStatus.Authorizing, CallStatus.CallingMember, CallStatus.MemberAnswered, CallStatus.CallingMerchant, CallStatus.Bridged];
                for (var i = 0; i < steps.Length; i++)
                {
                    yield return new(i + 1, DateTimeOffset.UtcNow, steps[i]);
                    await Task.Delay(700);
                }

                yield return new(6, DateTimeOffset.UtcNow, CallStatus.Completed, CallOutcome.Bridged, new(null, 16, EndParty.Merchant), new Money(45_000));
            }
            server.Cluster.Sessions[request.CallbackId] = new() { View = View(CallStatus.CallingMember), Steps = Steps };
            return new(AdmissionKind.Admitted, View(CallStatus.Authorizing));
        };
        server.StartServer();
        var (page, errors) = await chromium.OpenAsync(server.ClientOptions.BaseAddress, width);
        await page.GetByRole(AriaRole.Button, new() { Name = "Call Bakery" }).WaitForAsync();
        await Chromium.PictureAsync(page, "1-directory");
        await page.GetByRole(AriaRole.Button, new() { Name = "Call Bakery" }).ClickAsync();
        await Chromium.PictureAsync(page, "2-login");
        await page.GetByLabel("Account").FillAsync("alice");
        await page.GetByLabel("Password").FillAsync("x");
        await page.Locator("#login-form [type=submit]").ClickAsync();
        await page.Locator("#number-dialog").WaitForAsync();
        await Chromium.PictureAsync(page, "3-number");
        await page.Locator("#number").FillAsync("12");
        await page.Locator("#number-confirm").ClickAsync();
        await page.Locator("#number-error").WaitForAsync();
        await Chromium.PictureAsync(page, "4-invalid");
        await page.Locator("#number").FillAsync("030 23125-007");
        await page.Locator("#number-confirm").ClickAsync();
        await page.GetByText("ringing Bakery").WaitForAsync();
        await Chromium.PictureAsync(page, "5-ringing");
        await page.GetByText("You are connected").WaitForAsync();
        await page.WaitForTimeoutAsync(300);
        await page.ReloadAsync();
        await page.Locator("#call").WaitForAsync();
        await page.GetByText("The call has ended").WaitForAsync();
        await Chromium.PictureAsync(page, "6-ended");
        Assert.Empty(errors);
    }
}
