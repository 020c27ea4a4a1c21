using System.Data.Common;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OrleansCallback.Calls;
using OrleansCallback.Rates;
using OrleansCallback.Silo.Rates;
using OrleansCallback.Silo.Settings;
using OrleansCallback.Tests.Ledger;

namespace OrleansCallback.Tests.Rates;

/// <summary>What the store of decks does on either database.</summary>
public abstract class RateStoreSuite : OnEachDatabase
{
    const string Site = "demo";
    const string Deck = "retail";
    static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    IRateStore Store => under.Rates;

    [Fact]
    public async Task A_version_reads_back_as_it_was_imported()
    {
        DeckRate[] lines =
        [
            new("+", Rate.Flat(new(7))) { Line = 2 },
            new("+4930", new()
            {
                PerMinute = new(12_345), ConnectFee = new(1), FirstIncrement = 60, NextIncrement = 6, Minimum = new(2), FreeSeconds = 3,
                AttemptFee = new(4),
            })
            {
                Line = 3, Destination = "Berlin, \"Mitte\"", Window = new(31, 8 * 60, 20 * 60), ValidFrom = Noon, ValidTo = Noon.AddSeconds(1),
            },
        ];
        Assert.Equal(1, await ImportAsync(lines, Noon.AddDays(9)));
        Assert.Equal(lines, await LinesAsync(1));
        var version = Assert.Single((await Store.ReadAsync(Site, Stop)).Versions);
        Assert.Equal(
            (new(Deck, 1, "EUR", "Europe/Berlin", Noon, Noon.AddDays(9)), 2, "fiona", null),
            (version.Version, version.Lines, version.ImportedBy, version.UsedAt));
        Assert.InRange(version.ImportedAt, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
        Assert.Equal([lines[1]], await Store.LinesAsync(Site, Deck, 1, 2, 10, Stop));
        Assert.Equal([lines[0]], await Store.LinesAsync(Site, Deck, 1, 0, 1, Stop));
        Assert.Empty(await LinesAsync(1, "other"));
        Assert.Empty((await Store.ReadAsync("other", Stop)).Versions);
    }

    [Fact]
    public async Task Assignments_are_replaced_and_taken_away_and_every_change_raises_the_revision()
    {
        Assert.Equal(0, await Store.RevisionAsync(Site, Stop));
        await ImportAsync(Flat(1));
        await Store.AssignAsync(Site, new("all", null, Deck), Stop);
        await Store.AssignAsync(Site, new("carrier", Payer.Member, Deck), Stop);
        await Store.AssignAsync(Site, new("carrier", Payer.Member, "other"), Stop);
        Assert.Equal([new("all", null, Deck), new("carrier", Payer.Member, "other")], (await Store.ReadAsync(Site, Stop)).Assignments);
        Assert.False(await Store.UnassignAsync(Site, "carrier", null, Stop));
        Assert.True(await Store.UnassignAsync(Site, "carrier", Payer.Member, Stop));
        Assert.Equal(RemovedVersion.Removed, await Store.RemoveAsync(Site, Deck, 1, Stop));
        Assert.Equal((6, 6), (await Store.RevisionAsync(Site, Stop), (await Store.ReadAsync(Site, Stop)).Revision));
        Assert.Equal(0, await Store.RevisionAsync("other", Stop));
    }

    [Theory]
    [InlineData("update rate set per_minute = per_minute + 1")]
    [InlineData("delete from rate where line = 2")]
    [InlineData(
        """
        insert into rate (site, deck, version, prefix, line, destination, per_minute, connect_fee, first_increment, next_increment, minimum,
            free_seconds, attempt_fee) values ('demo', 'retail', 1, '+1', 99, '', 1, 0, 1, 1, 0, 0, 0)
        """)]
    [InlineData("update rate_version set time_zone = 'UTC'")]
    [InlineData("update rate_version set valid_to = null")]
    [InlineData("update rate_version set lines = 7")]
    [InlineData("update rate_version set stored_at = null")]
    [InlineData("update rate_version set used_at = null")]
    [InlineData("update rate_version set number = 2")]
    [InlineData("delete from rate_version")]
    public async Task The_database_refuses_to_change_or_delete_a_version_that_is_used(string sql)
    {
        await ImportAsync(Flat(2), Noon.AddDays(1));
        Assert.True(await Store.UseAsync(Site, Deck, 1, Stop));
        await Assert.ThrowsAnyAsync<DbException>(() => under.ExecuteAsync(sql));
        Assert.Equal(RemovedVersion.Used, await Store.RemoveAsync(Site, Deck, 1, Stop));
        Assert.Equal(Flat(2), await LinesAsync(1));
    }

    [Fact]
    public async Task A_version_that_is_not_used_can_be_deleted_and_its_number_is_never_given_again()
    {
        await ImportAsync(Flat(1));
        await ImportAsync(Flat(2));
        await Assert.ThrowsAnyAsync<DbException>(() => under.ExecuteAsync("delete from rate where version = 2"));
        Assert.Equal(RemovedVersion.Removed, await Store.RemoveAsync(Site, Deck, 2, Stop));
        Assert.Equal(RemovedVersion.Unknown, await Store.RemoveAsync(Site, Deck, 2, Stop));
        Assert.Equal(RemovedVersion.Unknown, await Store.RemoveAsync("other", Deck, 1, Stop));
        Assert.Equal(0, await under.CountAsync("select count(*) from rate where version = 2"));
        Assert.Equal(3, await ImportAsync(Flat(3)));
        Assert.False(await Store.UseAsync(Site, Deck, 2, Stop));
    }

    [Fact]
    public async Task Of_a_use_and_a_deletion_at_once_one_wins()
    {
        for (var number = 1; number <= 12; number++)
        {
            Assert.Equal(number, await ImportAsync(Flat(1)));
            var (use, remove) = (Store.UseAsync(Site, Deck, number, Stop), Store.RemoveAsync(Site, Deck, number, Stop));
            Assert.Equal(await use ? RemovedVersion.Used : RemovedVersion.Removed, await remove);
            Assert.Equal(await use ? 1 : 0, (await LinesAsync(number)).Count);
        }
    }

    [Fact]
    public async Task An_import_that_breaks_off_leaves_nothing_that_shows()
    {
        var broken = new DeckImport(Deck, "EUR", "UTC", Noon, null, "fiona", [.. Flat(5_000), Flat(1)[0]]);
        await Assert.ThrowsAnyAsync<DbException>(() => Store.ImportAsync(Site, broken, Stop));
        Assert.Empty((await Store.ReadAsync(Site, Stop)).Versions);
        Assert.Equal(0, await Store.RevisionAsync(Site, Stop));
        var number = await ImportAsync(Flat(3));
        Assert.Equal(3, await under.CountAsync("select count(*) from rate"));
        Assert.Equal(number, Assert.Single((await Store.ReadAsync(Site, Stop)).Versions).Version.Number);
    }

    [Fact]
    public async Task Two_hundred_thousand_lines_are_stored_in_seconds_while_the_ledger_goes_on()
    {
        var lines = Flat(200_000);
        var import = Task.Run(() => ImportAsync(lines), Stop);
        var writes = 0;
        while (!import.IsCompleted)
        {
            var credited = await under.Ledger.Write(LedgerWrites.Credit($"t{++writes}", 1), Stop).WaitAsync(CallLimits.Step, Stop);
            Assert.Equal(Wallets.WriteOutcome.Committed, credited.Outcome);
        }

        // On a machine that is busy with other tests; docs/measurements.md has what it takes on one that is not.
        await import.WaitAsync(TimeSpan.FromSeconds(60), Stop);
        Assert.Equal(lines.Count, await under.CountAsync("select count(*) from rate"));
        var stored = await LinesAsync(1);
        Assert.Equal(lines[^1], stored[^1]);
    }

    [Fact]
    public async Task A_silo_takes_a_version_into_use_before_it_is_in_force_and_drops_it_after()
    {
        var (catalog, time) = (new RateCatalog(null), new FakeTimeProvider(Noon));
        using var refresh = Refresh(catalog, time);
        await ImportAsync(Flat(1));
        await ImportAsync(Flat(2), from: Noon.AddHours(1));
        await refresh.LookAsync(Stop);
        Assert.Equal(0, await under.CountAsync("select count(*) from rate_version where used_at is not null"));
        Assert.Null(Priced());

        await Store.AssignAsync(Site, new("all", null, Deck), Stop);
        await refresh.LookAsync(Stop);
        Assert.Equal("retail@1", Priced());
        Assert.Equal(1, await under.CountAsync("select count(*) from rate_version where used_at is not null"));
        Assert.Equal((Noon.AddHours(1), null), (catalog.Current!.GoodUntil, catalog.At(Noon.AddHours(1))));

        time.SetUtcNow(Noon.AddHours(1).AddSeconds(-20));
        await refresh.LookAsync(Stop);
        Assert.Equal("retail@1", Priced());
        time.SetUtcNow(Noon.AddHours(1));
        Assert.Equal("retail@2", Priced());
        Assert.Equal(2, await under.CountAsync("select count(*) from rate_version where used_at is not null"));

        string? Priced()
        {
            var number = PhoneNumber.FromE164("+10000001");
            var (leg, now) = (new LegRoute(number, ["carrier"]), time.GetUtcNow());
            return catalog.At(now)?.Price(new(new Dictionary<string, Trunks.TrunkOptions>()), Payer.Member, leg, leg, now)?.Versions;
        }
    }

    [Fact]
    public async Task A_version_that_is_deleted_before_its_time_never_comes_into_force()
    {
        var (catalog, time) = (new RateCatalog(null), new FakeTimeProvider(Noon));
        using var refresh = Refresh(catalog, time);
        await Store.AssignAsync(Site, new("all", null, Deck), Stop);
        await ImportAsync(Flat(1));
        await ImportAsync(Flat(2), from: Noon.AddHours(1));
        await refresh.LookAsync(Stop);
        Assert.Equal(RemovedVersion.Removed, await Store.RemoveAsync(Site, Deck, 2, Stop));
        await refresh.LookAsync(Stop);
        Assert.Equal(DateTimeOffset.MaxValue, catalog.Current!.GoodUntil);
    }

    RateRefresh Refresh(RateCatalog catalog, TimeProvider time) => new(
        Store, catalog, Options.Create(new SiteSettings { Site = Site }), time, NullLogger<RateRefresh>.Instance);

    Task<int> ImportAsync(IReadOnlyList<DeckRate> lines, DateTimeOffset? to = null, DateTimeOffset? from = null) =>
        Store.ImportAsync(Site, new(Deck, "EUR", "Europe/Berlin", from ?? Noon, to, "fiona", lines), Stop);

    Task<IReadOnlyList<DeckRate>> LinesAsync(int version, string site = Site) => Store.LinesAsync(site, Deck, version, 0, int.MaxValue, Stop);

    static List<DeckRate> Flat(int lines) =>
        [.. Enumerable.Range(0, lines).Select(n => new DeckRate($"+1{n:000000}", Rate.Flat(new(n))) { Line = n + 2 })];}
