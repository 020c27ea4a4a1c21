using OrleansCallback.Calls;
using OrleansCallback.Tests.Processes;
using OrleansCallback.Wallets;
using static OrleansCallback.Tests.Ledger.LedgerWrites;

namespace OrleansCallback.Tests.Ledger;

/// <summary>What a ledger does on either database.</summary>
public abstract class LedgerSuite : OnEachDatabase
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    ILedger Ledger => under.Ledger;

    [Fact]
    public async Task A_hold_is_raised_and_settled_and_the_books_balance()
    {
        var epoch = await OpenWithAsync(1_000_000);
        Assert.Equal(new(WriteOutcome.Committed, 2), await WriteAsync(Write(Place(epoch, "c1", 300_000), Placed("c1"))));
        Assert.Equal(new(WriteOutcome.Committed, 3), await WriteAsync(Write(
            Raise(epoch, "c1", 2, 200_000), Next("c1", 1, CallStatus.Bridged, new CallEvent(3, Noon, CallStatus.Bridged)))));
        Assert.Equal(new(WriteOutcome.Committed, 4), await WriteAsync(Write(Raise(epoch, "c1", 3, 0))));
        var held = await Ledger.OpenWallet(Site, Wallet, Stop);
        Assert.Equal(new HoldRow(HoldOf("c1"), "c1", 3, new(500_000), TimeSpan.FromSeconds(270)), Assert.Single(held!.Pending));
        Assert.Equal(
            new(WriteOutcome.Committed, 5, new(500_000)), await WriteAsync(Settle("c1", 123_456, call: Ended("c1", 2, 4, 123_456))));

        var wallet = await Ledger.OpenWallet(Site, Wallet, Stop);
        Assert.Equal((876_544, 0, 5), (wallet!.Posted.Micros, wallet.Held.Micros, wallet.Sequence));
        Assert.Empty(wallet.Pending);
        Assert.Empty(await under.BooksAsync());
    }

    [Fact]
    public async Task A_hold_beyond_the_floor_writes_nothing()
    {
        var epoch = await OpenWithAsync(100);
        Assert.Equal(WriteOutcome.WalletFenced, (await WriteAsync(Write(Place(epoch, "c1", 101), Placed("c1")))).Outcome);
        Assert.Equal(0, await under.CountAsync("select count(*) from callback"));
        Assert.Equal(0, await under.CountAsync("select count(*) from hold"));
        Assert.Equal(new(WriteOutcome.Committed, 2), await WriteAsync(Write(Place(epoch, "c1", 100), Placed("c1"))));
        Assert.Equal(WriteOutcome.WalletFenced, (await WriteAsync(Write(Raise(epoch, "c1", 2, 1)))).Outcome);
    }

    [Fact]
    public async Task Of_two_activations_of_a_wallet_the_older_cannot_hold_but_any_may_settle()
    {
        var old = await OpenWithAsync(1_000);
        Assert.Equal(WriteOutcome.Committed, (await WriteAsync(Write(Place(old, "c1", 10)))).Outcome);
        await using var another = under.Another();
        var young = (await another.Ledger.OpenWallet(Site, Wallet, Stop))!.Epoch;
        Assert.Equal(WriteOutcome.WalletFenced, (await WriteAsync(Write(Place(old, "c2", 10)))).Outcome);
        Assert.Equal(WriteOutcome.WalletFenced, (await WriteAsync(Write(Raise(old, "c1", 2, 10)))).Outcome);
        Assert.Equal(WriteOutcome.Committed, (await another.Ledger.Write(Write(Place(young, "c2", 10)), Stop)).Outcome);
        Assert.Equal(WriteOutcome.Committed, (await WriteAsync(Settle("c2", 10))).Outcome);
    }

    [Fact]
    public async Task Of_two_activations_of_a_call_the_older_cannot_write()
    {
        var epoch = await OpenWithAsync(1_000);
        await WriteAsync(Write(Place(epoch, "c1", 10), Placed("c1")));
        var row = await Ledger.OpenCall(Site, "c1", Stop);
        Assert.Equal(2, row!.Version);
        Assert.Equal(WriteOutcome.CallFenced, (await WriteAsync(Write(Next("c1", 1, CallStatus.MemberAnswered)))).Outcome);
        Assert.Equal(WriteOutcome.CallFenced, (await WriteAsync(Settle("c1", 5, call: Ended("c1", 1, 3, 5)))).Outcome);
        Assert.Equal(WriteOutcome.CallFenced, (await WriteAsync(Write(Next("none", 1, CallStatus.MemberAnswered)))).Outcome);
        Assert.Equal(1, await under.CountAsync("select count(*) from hold where state = 'pending'"));
        Assert.Equal(WriteOutcome.Committed, (await WriteAsync(Settle("c1", 5, call: Ended("c1", 2, 3, 5)))).Outcome);
        Assert.Empty(await under.BooksAsync());
    }

    [Fact]
    public async Task A_repeat_is_a_duplicate_and_changes_nothing()
    {
        var epoch = await OpenWithAsync(1_000);
        var place = Write(Place(epoch, "c1", 100), Placed("c1"));
        var raise = Write(Raise(epoch, "c1", 2, 50));
        var settle = Settle("c1", 120, call: Ended("c1", 1, 3, 120));
        foreach (var write in new[] { Credit("t1", 500), place, raise, settle })
        {
            Assert.Equal(WriteOutcome.Committed, (await WriteAsync(write)).Outcome);
            Assert.Equal(WriteOutcome.Duplicate, (await WriteAsync(write)).Outcome);
        }

        Assert.Equal(WriteOutcome.Duplicate, (await WriteAsync(Settle("c1", 1))).Outcome);
        Assert.Equal(WriteOutcome.Duplicate, (await WriteAsync(Write(Raise(epoch, "c1", 3, 1)))).Outcome);
        Assert.Equal(WriteOutcome.Duplicate, (await WriteAsync(place)).Outcome);
        Assert.Equal(1_380, await under.CountAsync("select posted from wallet"));
        Assert.Empty(await under.BooksAsync());
    }

    [Fact]
    public async Task A_settlement_of_a_hold_that_is_not_there_or_too_small_writes_nothing()
    {
        var epoch = await OpenWithAsync(1_000);
        await WriteAsync(Write(Place(epoch, "c1", 100)));
        Assert.Equal(WriteOutcome.WalletFenced, (await WriteAsync(Settle("c1", 101))).Outcome);
        Assert.Equal(WriteOutcome.WalletFenced, (await WriteAsync(Settle("none", 1))).Outcome);
        Assert.Equal(WriteOutcome.WalletFenced, (await WriteAsync(Write(Raise(epoch, "c1", 3, 1)))).Outcome);
        Assert.Equal(WriteOutcome.WalletFenced, (await WriteAsync(Credit("t9", 1, currency: "USD"))).Outcome);
        Assert.Equal(WriteOutcome.Committed, (await WriteAsync(Settle("c1", 0))).Outcome);
        Assert.Equal(0, await under.CountAsync("select count(*) from entry where kind = 'charge'"));
        Assert.Empty(await under.BooksAsync());
    }

    [Fact]
    public async Task A_call_reads_back_as_it_was_written_until_its_end_erases_the_numbers_of_its_attempts()
    {
        var epoch = await OpenWithAsync(1_000);
        var placed = Placed("c1");
        await WriteAsync(Write(Place(epoch, "c1", 100), placed));
        var answered = new AttemptRow(placed.Attempts[0].Attempt, """{"tag":"x"}""", Noon.AddSeconds(4));
        await WriteAsync(Write(Next("c1", 1, CallStatus.MemberAnswered) with { Attempts = [answered] }));

        var row = (await Ledger.OpenCall(Site, "c1", Stop))!;
        Assert.Equal((placed.New, placed.New!.BodyHash, placed.MerchantNumber), (row.Request, row.BodyHash, row.MerchantNumber));
        Assert.Equal((3, CallStatus.MemberAnswered, 2), (row.Version, row.Status, row.LastEvent));
        Assert.Equal(answered, Assert.Single(row.Attempts));
        Assert.Equal(placed.Events, await Ledger.Events(Site, "c1", 0, Stop));
        Assert.Equal(placed.Events[1], Assert.Single(await Ledger.Events(Site, "c1", 1, Stop)));

        await WriteAsync(Settle("c1", 40, call: Ended("c1", 3, 3, 40)));
        row = (await Ledger.OpenCall(Site, "c1", Stop))!;
        Assert.Equal((CallOutcome.Bridged, MemberHungUp, new Money(40)), (row.Outcome!.Value, row.EndReason!, row.Charge!.Value));
        Assert.Empty(row.Attempts);
        Assert.Equal(0, await under.CountAsync("select count(*) from attempt where attempt like '%+49%' or dialog is not null"));
        Assert.Null(await Ledger.OpenCall(Site, "none", Stop));
        Assert.Null(await Ledger.OpenWallet(Site, "member/nobody", Stop));
    }

    [Fact]
    public async Task A_call_that_never_held_ends_with_a_record_and_no_entries()
    {
        await WriteAsync(Refuse("c1", Ended("c1", 0, 1, null) with { New = Placed("c1").New }));
        Assert.Equal(0, await under.CountAsync("select count(*) from entry"));
        Assert.Equal(Cdr("c1", 0, Wallet), await under.Reader.CdrAsync(Site, "c1", Stop));
        Assert.Equal(WriteOutcome.Duplicate, (await WriteAsync(Refuse("c1", Ended("c1", 1, 2, null)))).Outcome);
        Assert.Empty(await under.BooksAsync());
    }

    [Fact]
    public async Task The_reader_gives_entries_in_pages_and_the_record()
    {
        var epoch = await OpenWithAsync(1_000);
        await WriteAsync(Write(Place(epoch, "c1", 100)));
        await WriteAsync(Settle("c1", 70));
        var entries = await under.Reader.EntriesAsync(Site, Wallet, 0, 10, Stop);
        Assert.Equal([(1L, 1_000L, "top_up"), (3L, -70L, "charge")], entries.Select(e => (e.Sequence!.Value, e.Amount.Micros, e.Kind)));
        Assert.Equal("c1", entries[1].Callback);
        Assert.Equal(3, Assert.Single(await under.Reader.EntriesAsync(Site, Wallet, 1, 10, Stop)).Sequence);
        Assert.Single(await under.Reader.EntriesAsync(Site, Wallet, 0, 1, Stop));
        Assert.Empty(await under.Reader.EntriesAsync("other", Wallet, 0, 10, Stop));
        Assert.Equal(Cdr("c1", 70, Wallet), await under.Reader.CdrAsync(Site, "c1", Stop));
        Assert.Null(await under.Reader.CdrAsync("other", "c1", Stop));
    }

    [Fact]
    public async Task Pending_holds_are_listed_when_they_expire_by_the_databases_clock_or_all_are_asked_for()
    {
        var epoch = await OpenWithAsync(1_000);
        await WriteAsync(Write(Place(epoch, "c1", 10) with { ExpiresIn = TimeSpan.Zero }));
        await WriteAsync(Write(Place(epoch, "c2", 10)));
        await WriteAsync(Write(Place(epoch, "c3", 10)));
        await WriteAsync(Settle("c3", 0));
        await Waiting.UntilAsync("the database's clock to pass the expiry", Soon, async () => (await Ledger.Expired(false, 10, Stop)).Count > 0);
        Assert.Equal([(Site, "c1")], await Ledger.Expired(false, 10, Stop));
        Assert.Equal([(Site, "c1"), (Site, "c2")], (await Ledger.Expired(true, 10, Stop)).Order());
        Assert.Single(await Ledger.Expired(true, 1, Stop));
    }

    [Fact]
    public async Task One_tenants_writes_never_touch_anothers_rows()
    {
        var epoch = await OpenWithAsync(1_000);
        await WriteAsync(Write(Place(epoch, "c1", 10), Placed("c1")));
        var foreign = Write(Raise(epoch, "c1", 2, 10)) with { Site = "other" };
        Assert.Equal(WriteOutcome.WalletFenced, (await WriteAsync(foreign)).Outcome);
        Assert.Equal(WriteOutcome.WalletFenced, (await WriteAsync(Settle("c1", 1) with { Site = "other" })).Outcome);
        Assert.Null(await Ledger.OpenCall("other", "c1", Stop));
        Assert.Empty(await Ledger.Events("other", "c1", 0, Stop));
    }

    [Fact]
    public async Task An_entry_can_be_neither_changed_nor_deleted()
    {
        await OpenWithAsync(1_000);
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => under.ExecuteAsync("update entry set amount = amount + 1"));
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => under.ExecuteAsync("delete from entry"));
        Assert.Equal(2, await under.CountAsync("select count(*) from entry"));
    }

    [Fact]
    public async Task A_faulty_write_fails_alone_in_its_batch()
    {
        var epoch = await OpenWithAsync(1_000);
        var tasks = Enumerable.Range(0, 40).Select(n => n == 17
            ? Ledger.Write(Write(Placed("bad") with { Events = [new(0, Noon, CallStatus.Authorizing)] }), Stop)
            : WriteAsync(Write(Place(epoch, $"c{n}", 1)))).ToArray();
        await Assert.ThrowsAsync<InvalidOperationException>(() => tasks[17]);
        foreach (var task in tasks.Where((_, n) => n != 17)) Assert.Equal(WriteOutcome.Committed, (await task).Outcome);
        Assert.Equal(39, await under.CountAsync("select held from wallet"));
        Assert.Equal(0, await under.CountAsync("select count(*) from callback"));
    }

    [Fact]
    public async Task Concurrent_writes_on_many_wallets_and_a_hot_one_leave_books_that_balance()
    {
        const int callers = 64, rounds = 6;
        await using var another = under.Another();
        var wallets = Enumerable.Range(0, 20).Select(n => $"member/w{n}").Append("sponsor/hot").ToArray();
        var epochs = new Dictionary<string, long>();
        foreach (var wallet in wallets)
        {
            await WriteAsync(Credit("t", 1_000_000, wallet));
            epochs[wallet] = (await Ledger.OpenWallet(Site, wallet, Stop))!.Epoch;
        }

        var committed = 0;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var ledger = caller % 2 == 0 ? Ledger : another.Ledger;
            for (var round = 0; round < rounds; round++)
            {
                var wallet = caller % 3 == 0 ? "sponsor/hot" : wallets[(caller * 7 + round) % 20];
                var call = $"c{caller}-{round}";
                Assert.Equal(WriteOutcome.Committed, (await ledger.Write(Write(Place(epochs[wallet], call, 100, wallet), Placed(call)), Stop)).Outcome);
                if (round % 3 == 2) continue;
                Assert.Equal(
                    WriteOutcome.Committed,
                    (await ledger.Write(Settle(call, caller, wallet, Ended(call, 1, 3, caller)), Stop)).Outcome);
                Interlocked.Increment(ref committed);
            }
        })));
        Assert.Equal(committed, await under.CountAsync("select count(*) from cdr"));
        Assert.Empty(await under.BooksAsync());
    }

    [Fact]
    public async Task Of_two_silos_that_race_for_one_identity_one_wins()
    {
        await using var another = under.Another();
        var epoch = await OpenWithAsync(1_000);
        for (var n = 0; n < 10; n++)
        {
            var write = Write(Place(epoch, $"c{n}", 1), Placed($"c{n}"));
            var results = await Task.WhenAll(Ledger.Write(write, Stop), another.Ledger.Write(write, Stop));
            Assert.Equal([WriteOutcome.Committed, WriteOutcome.Duplicate], results.Select(result => result.Outcome).Order());
        }

        Assert.Equal(10, await under.CountAsync("select held from wallet"));
        Assert.Empty(await under.BooksAsync());
    }

    [Fact]
    public async Task A_member_and_a_number_are_in_one_live_callback_alone()
    {
        var epoch = await OpenWithAsync(1_000);
        var other = PhoneNumber.FromE164("+493099999999");
        Assert.Equal(WriteOutcome.Committed, await OnceAsync("c1", "alice", null));
        Assert.Equal(WriteOutcome.AlreadyActive, await OnceAsync("c2", "Alice", other));
        Assert.Equal(WriteOutcome.AlreadyActive, await OnceAsync("c3", "bob", null));
        Assert.Equal(WriteOutcome.Duplicate, await OnceAsync("c1", "alice", null));
        Assert.Equal(WriteOutcome.Committed, (await WriteAsync(Settle("c1", 1, call: Ended("c1", 1, 3, 1)))).Outcome);
        Assert.Equal(WriteOutcome.Committed, await OnceAsync("c4", "alice", other));
        Assert.Equal(WriteOutcome.Committed, await OnceAsync("c5", "bob", null));
        Assert.Equal(1, await under.CountAsync("select count(*) from callback where live_member = 'alice'"));
        Assert.Empty(await under.BooksAsync());

        async Task<WriteOutcome> OnceAsync(string callback, string member, PhoneNumber? number) =>
            (await WriteAsync(Write(Place(epoch, callback, 1), PlacedBy(callback, member, number)))).Outcome;
    }

    [Fact]
    public async Task Of_many_that_race_for_one_number_on_two_silos_one_is_live()
    {
        await using var another = under.Another();
        var epoch = await OpenWithAsync(1_000);
        for (var round = 0; round < 5; round++)
        {
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(n =>
            {
                var call = $"c{round}-{n}";
                return (n % 2 == 0 ? Ledger : another.Ledger).Write(Write(Place(epoch, call, 1), PlacedBy(call, $"member-{n}", null)), Stop);
            }));
            Assert.Single(outcomes, result => result.Outcome == WriteOutcome.Committed);
            Assert.All(outcomes, result => Assert.NotEqual(WriteOutcome.Unknown, result.Outcome));
            var winner = $"c{round}-{Array.FindIndex(outcomes, result => result.Outcome == WriteOutcome.Committed)}";
            Assert.Equal(WriteOutcome.Committed, (await WriteAsync(Settle(winner, 0, call: Ended(winner, 1, 3, 0)))).Outcome);
        }

        Assert.Equal(5, await under.CountAsync("select count(*) from hold"));
        Assert.Empty(await under.BooksAsync());
    }

    static CallWrite PlacedBy(string callback, string member, PhoneNumber? number)
    {
        var call = Placed(callback);
        return call with { OneAtATime = true, New = call.New! with { Caller = member, MemberNumber = number ?? call.New.MemberNumber } };
    }

    async Task<long> OpenWithAsync(long amount)
    {
        Assert.Equal(new(WriteOutcome.Committed, 1), await WriteAsync(Credit("first", amount)));
        return (await Ledger.OpenWallet(Site, Wallet, Stop))!.Epoch;
    }

    Task<WriteResult> WriteAsync(LedgerWrite write) => Ledger.Write(write, Stop);
}
