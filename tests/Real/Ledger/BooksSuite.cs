using OrleansCallback.Calls;
using static OrleansCallback.Tests.Ledger.LedgerWrites;

namespace OrleansCallback.Tests.Ledger;

/// <summary>books_balance turns red on each fault that is planted past the ledger.</summary>
public abstract class BooksSuite
{
    static readonly (string Rule, string Sql)[] Faults =
    [
        ("transaction does not sum to zero", "update entry set amount = amount + 1 where transaction_id = 'charge/hold-c1' and line = 2"),
        ("entries of no wallet", "update entry set account = 'wallet:nobody' where transaction_id = 'charge/hold-c1' and line = 1"),
        ("wallet below its floor", "update wallet set held = posted + credit_limit + 1"),
        ("held is not the sum of pending holds", "update wallet set held = held + 1"),
        ("held is not the sum of pending holds", "delete from hold where id = 'hold-c2'"),
        ("posted is not the sum of entries", "update wallet set posted = posted + 1"),
        ("posted is not the sum of entries", "delete from entry where transaction_id = 'charge/hold-c1'"),
        ("entry beyond the sequence of its wallet", "update wallet set sequence = 1"),
        ("hold of no wallet", "update hold set wallet = 'nobody' where id = 'hold-c2'"),
        ("hold is not resolved to its amount", "update hold set released = released + 1 where id = 'hold-c1'"),
        ("resolved hold has no CDR", "delete from cdr where callback = 'c1'"),
        ("charge without a CDR", "delete from cdr where callback = 'c1'"),
        ("ended callback that held has no CDR", "delete from cdr where callback = 'c1'"),
        ("CDR does not charge what its hold captured", "update cdr set charge = charge + 1 where callback = 'c1'"),
        ("CDR does not charge what its hold captured", "update cdr set hold = null where callback = 'c1'"),
        ("CDR does not charge what its entries moved", "update cdr set charge = charge + 1 where callback = 'c1'"),
        ("CDR does not charge what its entries moved", "delete from entry where transaction_id = 'charge/hold-c1'"),
        ("CDR does not charge the sum of its legs", """update cdr set leg_a = replace(leg_a, '"price":', '"price":1') where callback = 'c1'"""),
        ("parts of a leg do not sum to its price", """update cdr set leg_a = replace(leg_a, '"time":', '"time":1') where callback = 'c1'"""),
        ("ended callback has a pending hold", "update callback set status = 'failed', outcome = 'internal' where id = 'c2'"),
        ("callback shows another charge than its CDR", "update callback set charge = charge + 1 where id = 'c1'"),
        ("callback with a CDR has not ended", "update callback set status = 'bridged' where id = 'c1'"),
        ("CDR has not exactly one outbox row", "delete from outbox where callback = 'c1'"),
        ("event numbers have a gap", "delete from call_event where callback = 'c1' and number = 2"),
        ("callback has not the number of its last event", "update callback set last_event = 9 where id = 'c2'"),
        ("ended callback has not exactly one terminal event, the last",
            "update call_event set status = 'bridged' where callback = 'c1' and number = 3"),
        ("ended callback has not exactly one terminal event, the last",
            "update call_event set status = 'failed' where callback = 'c1' and number = 2"),
        ("terminal event of a callback that has not ended", "update call_event set status = 'failed' where callback = 'c2' and number = 2"),
    ];

    private protected abstract Task<LedgerUnderTest> OpenAsync();

    /// <summary>Takes away what the schema itself refuses, within the transaction or for the connection.</summary>
    private protected abstract string Unguard { get; }

    [Fact]
    public async Task Each_planted_fault_is_found_by_its_rule()
    {
        await using var under = await OpenAsync();
        await under.Ledger.Write(Credit("t1", 1_000), Stop);
        var epoch = (await under.Ledger.OpenWallet(Site, Wallet, Stop))!.Epoch;
        await under.Ledger.Write(Write(Place(epoch, "c1", 100), Placed("c1")), Stop);
        await under.Ledger.Write(Settle("c1", 70, call: Ended("c1", 1, 3, 70)), Stop);
        await under.Ledger.Write(Write(Place(epoch, "c2", 100), Placed("c2")), Stop);
        await under.Ledger.Write(Refuse("c3", Ended("c3", 0, 1, null) with { New = Placed("c3").New }), Stop);
        Assert.Empty(await under.BooksAsync());
        foreach (var (rule, sql) in Faults)
        {
            var found = await under.BooksAsync($"{Unguard} {sql};");
            Assert.True(found.Any(line => line.StartsWith($"{rule}:", StringComparison.Ordinal)), $"{sql} gave [{string.Join("; ", found)}]");
        }

        Assert.Empty(await under.BooksAsync());
    }
}

public sealed class SqliteBooksTests : BooksSuite
{
    private protected override string Unguard => "drop trigger entry_never_updated; drop trigger entry_never_deleted;";

    private protected override Task<LedgerUnderTest> OpenAsync() => LedgerUnderTest.OnSqliteAsync();
}

public sealed class PostgresBooksTests(PostgresServer server) : BooksSuite
{
    private protected override string Unguard => """
        drop trigger entry_never_changes on entry;
        alter table wallet drop constraint wallet_floor;
        alter table hold drop constraint hold_resolves_once;
        """;

    private protected override async Task<LedgerUnderTest> OpenAsync() =>
        await LedgerUnderTest.OnPostgresAsync(await server.CreateDatabaseAsync());
}
