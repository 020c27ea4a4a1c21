using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Web.Embedded;

/// <summary>Decks of rates through HTTP: import, dry run, errors, export, assignment, and calls that they price.</summary>
[Collection(EmbeddedServer.Shared)]
public sealed class RateApiTests(EmbeddedServer server)
{
    const string Header = "prefix,destination,currency,price_per_minute,connect_fee,first_increment,next_increment,minimum,free_seconds,attempt_fee,"
        + "days,from,to,valid_from,valid_to\n";

    const string Berlin = "4930,Berlin,EUR,0.02,0.005,30,6,0.01,5,0.001,mon-fri,08:00,18:00,,\n";
    const string Rates = "/v1/admin/rates";

    static readonly string[] Finance = ["finance"];
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dry_run_says_what_a_file_would_change_and_stores_nothing()
    {
        using var http = await server.LogInAsync("admin");
        var first = Header + "49,Germany,EUR,0.01,,60,60,,,,,,,,\n" + Berlin + "all,,EUR,1,,1,1,,,,,,,,\n";
        var dry = await ImportAsync(http, "dry", first, "?dry_run=true").ExpectAsync(200);
        Assert.Equal(
            (JsonValueKind.Null, JsonValueKind.Null, 3),
            (dry.GetProperty("version").ValueKind, dry.GetProperty("compared_with").ValueKind, dry.Number("added")));
        Assert.DoesNotContain(await DecksAsync(http), deck => deck.Text("deck") == "dry");

        var stored = await ImportAsync(http, "dry", first).ExpectAsync(201);
        Assert.Equal(("dry@1", 1), (stored.Text("name"), stored.Number("version")));
        Assert.Equal(first, await http.GetStringAsync($"{Rates}/decks/dry/versions/1/rates", Cancellation));

        var second = Header + "49,Germany,EUR,0.015,,60,60,,,,,,,,\n" + Berlin + "43,Austria,EUR,0.03,,1,1,,,,,,,,\n";
        var difference = await ImportAsync(http, "dry", second, "?dry_run=true").ExpectAsync(200);
        Assert.Equal((1, 1, 1, 1, 1), (
            difference.Number("compared_with"), difference.Number("added"), difference.Number("changed"), difference.Number("removed"),
            difference.Number("unchanged")));
        var samples = difference.GetProperty("samples").EnumerateArray().ToList();
        Assert.Equal(
            [("0.01", "0.015"), ("", "0.03"), ("1", "")],
            samples.Select(sample => (Price(sample.GetProperty("before")), Price(sample.GetProperty("after")))));
        var listed = Assert.Single(await DecksAsync(http), deck => deck.Text("deck") == "dry");
        var version = Assert.Single(listed.GetProperty("versions").EnumerateArray());
        Assert.Equal(("EUR", "UTC", "admin", 3, true), (
            version.Text("currency"), version.Text("time_zone"), version.Text("imported_by"), version.Number("lines"),
            version.GetProperty("in_force").GetBoolean()));

        static string Price(JsonElement line) => line.ValueKind == JsonValueKind.Null ? "" : line.Text("price_per_minute");
    }

    [Fact]
    public async Task Every_error_of_a_file_is_told_with_its_line_column_and_value()
    {
        using var http = await server.LogInAsync("admin");
        var file = Header + "49,Germany,EUR,\"0,01\",,60,60,,,,,,,,\n4930,Berlin,USD,0.02,,30,6,,,,,,,,\n43,Austria,EUR,0.03,,1,1,,,,,,,\n";
        var problem = await ImportAsync(http, "wrong", file).ExpectAsync(422, "invalid_deck");
        Assert.Equal(3, problem.Number("error_count"));
        Assert.Equal(
            ["2 price_per_minute 0,01", "3 currency USD", "4  "],
            problem.GetProperty("errors").EnumerateArray()
                .Select(error => $"{error.Number("line")} {error.GetProperty("column")} {error.GetProperty("value")}"));
        Assert.DoesNotContain(await DecksAsync(http), deck => deck.Text("deck") == "wrong");

        var latin = Encoding.Latin1.GetBytes(Header + "49,München,EUR,0.01,,60,60,,,,,,,,\n");
        var encoding = await ImportAsync(http, "wrong", latin).ExpectAsync(422, "invalid_deck");
        Assert.Equal(2, encoding.GetProperty("errors")[0].Number("line"));

        var many = Header + string.Concat(Enumerable.Repeat("x,,EUR,0.01,,,,,,,,,,,\n", 5_000));
        var bounded = await ImportAsync(http, "wrong", many).ExpectAsync(422, "invalid_deck");
        Assert.Equal((5_000, 100), (bounded.Number("error_count"), bounded.GetProperty("errors").GetArrayLength()));
    }

    [Theory]
    [InlineData("Retail", "", "text/csv", 422, "invalid_request")]
    [InlineData("retail", "?dryrun=true", "text/csv", 422, "invalid_request")]
    [InlineData("retail", "?time_zone=Berlin", "text/csv", 422, "invalid_request")]
    [InlineData("retail", "?time_zone=../etc/passwd", "text/csv", 422, "invalid_request")]
    [InlineData("retail", "?valid_from=2020-01-01", "text/csv", 422, "invalid_request")]
    [InlineData("retail", "?valid_from=tomorrow", "text/csv", 422, "invalid_request")]
    [InlineData("retail", "?valid_to=2020-01-01", "text/csv", 422, "invalid_request")]
    [InlineData("retail", "?dry_run=perhaps", "text/csv", 400, "malformed_request")]
    [InlineData("retail", "", "application/json", 415, "not_csv")]
    [InlineData("retail", "", "text/csv; charset=iso-8859-1", 415, "not_csv")]
    public async Task An_import_that_cannot_be_meant_so_is_refused(string deck, string query, string type, int status, string code)
    {
        using var http = await server.LogInAsync("admin");
        await ImportAsync(http, deck, Header + "49,,EUR,0.01,,,,,,,,,,,\n", query, type).ExpectAsync(status, code);
        Assert.DoesNotContain(await DecksAsync(http), known => known.Text("deck") == deck);
    }

    [Fact]
    public async Task A_file_of_more_than_32_MiB_is_refused_and_an_empty_one_has_no_columns()
    {
        using var http = await server.LogInAsync("admin");
        http.DefaultRequestHeaders.ExpectContinue = true; // so that the answer comes before the file and not into its midst
        await ImportAsync(http, "large", new byte[32 * 1024 * 1024 + 1]).ExpectAsync(413, "body_too_large");
        await ImportAsync(http, "large", "").ExpectAsync(422, "invalid_deck");
    }

    [Fact]
    public async Task The_API_s_description_says_that_an_import_takes_a_CSV_file()
    {
        using var http = server.CreateClient();
        var paths = (await http.GetAsync("/openapi/v1.json", Cancellation).ExpectAsync(200)).GetProperty("paths");
        var import = paths.GetProperty($"{Rates}/decks/{{deck}}/versions").GetProperty("post");
        Assert.Equal("import_deck", import.Text("operationId"));
        Assert.Equal("string", import.GetProperty("requestBody").GetProperty("content").GetProperty("text/csv").GetProperty("schema").Text("type"));
        Assert.Equal(
            ["deck", "time_zone", "valid_from", "valid_to", "dry_run"],
            import.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.Text("name")));
    }

    [Fact]
    public async Task Finance_may_import_and_a_member_may_not()
    {
        using var admin = await server.LogInAsync("admin");
        await admin.PutAsJsonAsync(
            "/v1/admin/members/fiona", new { name = "Fiona", number = "0171 3920050", password = "callback", roles = Finance }, Cancellation)
            .ExpectAsync(200);
        using var finance = await server.LogInAsync("fiona");
        await ImportAsync(finance, "by-finance", Header + "49,,EUR,0.01,,,,,,,,,,,\n").ExpectAsync(201);
        using var member = await server.LogInAsync("alice");
        await ImportAsync(member, "by-member", Header + "49,,EUR,0.01,,,,,,,,,,,\n").ExpectAsync(403, "forbidden");
        await member.GetAsync(Rates, Cancellation).ExpectAsync(403, "forbidden");
    }

    [Fact]
    public async Task A_version_of_the_future_can_be_deleted_until_it_is_used()
    {
        using var http = await server.LogInAsync("admin");
        var later = await ImportAsync(http, "later", Header + "49,,EUR,0.01,,,,,,,,,,,\n", "?valid_from=2999-07-01&time_zone=Europe/Berlin")
            .ExpectAsync(201);
        Assert.Equal(new DateTimeOffset(2999, 6, 30, 22, 0, 0, TimeSpan.Zero), later.GetProperty("valid_from").GetDateTimeOffset());
        using var deleted = await http.DeleteAsync($"{Rates}/decks/later/versions/1", Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await http.DeleteAsync($"{Rates}/decks/later/versions/1", Cancellation).ExpectAsync(404, "unknown_rate_version");
        await http.GetAsync($"{Rates}/decks/later/versions/1/rates", Cancellation).ExpectAsync(404, "unknown_rate_version");
        await http.PutAsJsonAsync($"{Rates}/assignments/all/all", new { deck = "later" }, Cancellation).ExpectAsync(422, "invalid_request");
    }

    [Fact]
    public async Task A_deck_that_is_assigned_prices_calls_within_seconds_and_its_version_then_stays()
    {
        using var http = await server.LogInAsync("admin");
        await ImportAsync(http, "city", Header + "4917,Mobile,EUR,0.6,0.1,60,60,,,,,,,,\n4930,Berlin,EUR,0.3,,30,6,,,,,,,,\n").ExpectAsync(201);
        await http.PutAsJsonAsync($"{Rates}/assignments/sandbox/all", new { deck = "city" }, Cancellation).ExpectAsync(200);
        try
        {
            await Waiting.UntilAsync("the silo to use the version", Soon, async () => (await DecksAsync(http))
                .Single(deck => deck.Text("deck") == "city").GetProperty("versions")[0].GetProperty("used_at").ValueKind != JsonValueKind.Null);
            var cdr = await Waiting.ForAsync<object>("a call that the deck prices", Soon, async () => await CallAsync("florist") is var made
                && made.Text("rate_version") == "city@1" ? made : null);
            var record = (JsonElement)cdr;
            var (a, b) = (record.GetProperty("leg_a"), record.GetProperty("leg_b"));
            Assert.Equal(("city@1", "+4917", 60, 100_000, 600_000), Parts(a));
            Assert.Equal(("city@1", "+4930", 30, 0, 150_000), Parts(b));
            Assert.Equal(850_000, record.GetProperty("charge").Number("micros"));
            await http.DeleteAsync($"{Rates}/decks/city/versions/1", Cancellation).ExpectAsync(409, "rate_version_used");

            using var alice = await server.LogInAsync("alice");
            await alice.PlaceAsync(new { merchant = "florist", number = "+442079460123" }).ExpectAsync(422, "no_rate");
        }
        finally
        {
            using var unassigned = await http.DeleteAsync($"{Rates}/assignments/sandbox/all", Cancellation);
            Assert.Equal(HttpStatusCode.NoContent, unassigned.StatusCode);
        }

        await http.DeleteAsync($"{Rates}/assignments/sandbox/all", Cancellation).ExpectAsync(404, "unknown_assignment");
        await http.PutAsJsonAsync($"{Rates}/assignments/sandbox/everybody", new { deck = "city" }, Cancellation).ExpectAsync(422, "invalid_request");
    }

    [Fact]
    public async Task Two_hundred_thousand_prefixes_are_imported_and_compared_in_seconds()
    {
        using var http = await server.LogInAsync("admin");
        var text = new StringBuilder(Header);
        for (var n = 0; n < 200_000; n++)
        {
            text.Append(
                CultureInfo.InvariantCulture, $"{1_000_000 + n},Destination {n % 977},EUR,{0.0001m * (n % 9_000):0.####},,60,{1 + n % 60},,,,,,,,\n");
        }

        var file = Encoding.UTF8.GetBytes(text.ToString());
        var began = Stopwatch.GetTimestamp();
        var stored = await ImportAsync(http, "wholesale", file).ExpectAsync(201);
        var imported = Stopwatch.GetElapsedTime(began);
        Assert.Equal(200_000, stored.Number("added"));
        began = Stopwatch.GetTimestamp();
        var same = await ImportAsync(http, "wholesale", file, "?dry_run=true").ExpectAsync(200);
        Assert.Equal((0, 0, 0, 200_000), (same.Number("added"), same.Number("changed"), same.Number("removed"), same.Number("unchanged")));
        TestContext.Current.SendDiagnosticMessage($"imported in {imported}, compared in {Stopwatch.GetElapsedTime(began)}");
        Assert.Equal(file.Length, (await http.GetByteArrayAsync($"{Rates}/decks/wholesale/versions/1/rates", Cancellation)).Length);
        // Far above what it takes; docs/measurements.md has that.
        Assert.InRange(imported, TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }

    /// <summary>A whole call; its record.</summary>
    async Task<JsonElement> CallAsync(string merchant)
    {
        using var http = await server.LogInAsync("alice");
        var placed = await http.PlaceAsync(new { merchant, number = "0171 3920010" }).ExpectAsync(202);
        var hangUp = Task.CompletedTask;
        await http.FollowAsync(placed.Text("id"), step => hangUp = step.Text("status") == "bridged"
            ? http.DeleteAsync($"/v1/callbacks/{placed.Text("id")}", Cancellation) : hangUp);
        await hangUp;
        using var finance = await server.LogInAsync("admin");
        return await finance.GetAsync($"/v1/finance/callbacks/{placed.Text("id")}/cdr", Cancellation).ExpectAsync(200);
    }

    static (string Version, string Prefix, int Billed, int Connect, int Time) Parts(JsonElement leg)
    {
        var parts = leg.GetProperty("price_parts");
        return (parts.Text("version"), parts.Text("prefix"), parts.Number("billed_seconds"), parts.GetProperty("connect_fee").Number("micros"),
            parts.GetProperty("time").Number("micros"));
    }

    static async Task<List<JsonElement>> DecksAsync(HttpClient http) =>
        [.. (await http.GetAsync(Rates, Cancellation).ExpectAsync(200)).GetProperty("decks").EnumerateArray()];

    static Task<HttpResponseMessage> ImportAsync(HttpClient http, string deck, string file, string query = "", string type = "text/csv") =>
        ImportAsync(http, deck, Encoding.UTF8.GetBytes(file), query, type);

    static Task<HttpResponseMessage> ImportAsync(HttpClient http, string deck, byte[] file, string query = "", string type = "text/csv")
    {
        var content = new ByteArrayContent(file);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return http.PostAsync($"{Rates}/decks/{deck}/versions{query}", content, Cancellation);
    }
}
