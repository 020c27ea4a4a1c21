using Microsoft.Data.Sqlite;
using OrleansCallback.Load.Processes;
using OrleansCallback.Tests.Processes;
using OrleansCallback.Tests.Sipp;

namespace OrleansCallback.Tests.Calls;

/// <summary>The embedded default, killed during a call and started again on the same file.</summary>
[Collection(FaultScenarios.Name)]
public sealed class EmbeddedCrashTests
{
    const string Password = "a member's secret";
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    // What is held for the first slice: six seconds of both legs.
    const long FirstSlice = 6 * 2 * RatePerSecond;
    const long RatePerSecond = 250;

    [Theory]
    [InlineData("calling_member", 0)]
    [InlineData("calling_merchant", 0)]
    [InlineData("bridged", FirstSlice)]
    public async Task A_process_that_is_killed_leaves_no_hold_and_charges_at_most_what_was_held_and_only_after_the_bridge(string killedWhile, long mostCharged)
    {
        var folder = Directory.CreateDirectory(Path.Combine(TestFolder.Path, $"embedded-{killedWhile}")).FullName;
        var (members, merchants) = (FreePorts.Udp("127.0.0.2"), FreePorts.Udp("127.0.0.3"));
        await using var member = await SippPhone.StartAsync(members, PhoneScript.Answers with { Ring = RingsWhile("calling_member", killedWhile) });
        await using var merchant = await SippPhone.StartAsync(merchants, PhoneScript.Answers with { Ring = RingsWhile("calling_merchant", killedWhile) });
        var settings = Settings(folder, [("members", $"{members}", "+4930231250"), ("merchants", $"{merchants}", "+4930231251")]);
        string callback;
        await using (var web = await WebProcess.StartAsync("embedded", settings))
        {
            using var client = await SetUpAsync(web);
            callback = (await client.PlaceAsync("member-pays")).Id;
            await client.ReachesAsync(callback, killedWhile, Soon);
            await web.Program.KillAsync();
        }

        await using (var web = await WebProcess.StartAsync("embedded-again", settings))
        {
            using var client = await SiteClient.LogInAsync(web.Http, "alice", Password);
            await client.EndsAsync(callback, Soon);
            await IsSettledAsync(folder, callback, mostCharged);
        }
    }

    [Fact]
    public async Task A_second_process_on_the_file_of_a_living_one_says_so_and_leaves_its_calls_alone()
    {
        var folder = Directory.CreateDirectory(Path.Combine(TestFolder.Path, "embedded-twice")).FullName;
        var settings = new Dictionary<string, string> { ["Data"] = folder };
        await using var first = await WebProcess.StartAsync("embedded-first", settings);

        var url = $"http://127.0.0.1:{FreePorts.Tcp()}";
        await using var second = ProgramProcess.Start(
            "embedded-second", Repository.Program("web", "OrleansCallback.Web"), folder, new Dictionary<string, string>(settings) { ["ASPNETCORE_URLS"] = url });

        Assert.Equal(1, await second.EndedAsync(Soon));
        Assert.Contains("Another process has the ledger file", second.Output, StringComparison.Ordinal);
    }

    static TimeSpan RingsWhile(string status, string killedWhile) => TimeSpan.FromMilliseconds(status == killedWhile ? 5000 : 200);

    static Dictionary<string, string> Settings(string folder, IEnumerable<(string Id, string Address, string Prefix)> trunks)
    {
        var settings = new Dictionary<string, string>
        {
            ["Store"] = "sqlite", ["Data"] = folder, ["Calls__Slice"] = "00:00:06", ["Calls__RenewWhenLeft"] = "00:00:02",
        };
        foreach (var (id, address, prefix) in trunks)
        {
            settings[$"Trunks__{id}__Address"] = address;
            settings[$"Trunks__{id}__CallerId"] = "+493023125999";
            settings[$"Trunks__{id}__Prefixes__0"] = prefix;
            settings[$"Trunks__{id}__RatePerSecond"] = $"{RatePerSecond}";
        }

        return settings;
    }

    static async Task<SiteClient> SetUpAsync(WebProcess web)
    {
        using var admin = await SiteClient.LogInAsync(web.Http, WebProcess.Admin, WebProcess.AdminPassword);
        await admin.PutMerchantAsync("member-pays", CallSite.MerchantNumber, "member");
        await admin.PutMemberAsync("alice", Password, CallSite.MemberNumber(1));
        await admin.TopUpAsync("member/alice", Scene.Plenty);
        return await SiteClient.LogInAsync(web.Http, "alice", Password);
    }

    static async Task IsSettledAsync(string folder, string callback, long mostCharged)
    {
        var file = Directory.GetFiles(folder, "*.db").Single();
        var books = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "tests", "books", "books_balance.sqlite.sql"));
        await using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync();
        Assert.Equal(0L, await ScalarAsync(connection, "select count(*) from hold where state = 'pending'"));
        Assert.Equal(1L, await ScalarAsync(connection, $"select count(*) from cdr where callback = '{callback}'"));
        Assert.InRange(await ScalarAsync(connection, $"select coalesce(sum(charge), 0) from cdr where callback = '{callback}'"), 0, mostCharged);
        Assert.True(await ScalarAsync(connection, $"select count(distinct transaction_id) from entry where callback = '{callback}'") <= 1);
        Assert.Equal(0L, await ScalarAsync(connection, $"select count(*) from ({books.TrimEnd().TrimEnd(';')})"));
    }

    static async Task<long> ScalarAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
