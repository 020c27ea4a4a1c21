using CsCheck;
using OrleansCallback.Calls;
using OrleansCallback.Rates;
using OrleansCallback.Tests.Rates;
using OrleansCallback.Wallets;

namespace OrleansCallback.Tests.Wallets;

public sealed class WalletBookTests
{
    static readonly CallWrite Write = new()
    {
        Site = "site", Callback = "cb", ExpectedVersion = 0, Status = CallStatus.CallingMember, State = "{}", Payer = Payer.Member,
    };

    [Fact]
    public void A_hold_takes_what_the_money_covers_in_whole_seconds()
    {
        var book = Book(1_050);
        var decision = book.Hold(Hold("h", 100));
        Assert.Equal((TimeSpan.FromSeconds(10), new Money(1_000)), (decision.Write!.Grant, decision.Write.Amount));
        Assert.Equal(new Money(50), book.Available());
    }

    [Fact]
    public void A_hold_and_its_extensions_are_worth_the_worst_price_of_their_grant_and_no_more_money_would_buy_a_second_more() =>
        Gen.Select(RandomRates.Grant, Gen.Long[1, 5_000_000], Gen.Int[1, 300].Array[3]).Sample((price, money, more) =>
        {
            var wanted = more[0];
            var book = Book(money);
            var hold = book.Hold(new("h", price, TimeSpan.FromSeconds(wanted), Write)).Write;
            Assert.Equal(hold is null, money < WorstPrice.OfSmallestSlice(price).Micros);
            if (hold is null) return;
            Check(hold, wanted);
            for (var number = 2; number <= 3; number++)
            {
                book.Committed(hold, number - 1);
                wanted += more[number - 1];
                if (book.Extend(new("h", number, price, TimeSpan.FromSeconds(wanted), Write)).Write is not { } raised) return;
                Assert.True(raised.Grant > hold.Grant && raised.Amount == hold.Amount + raised.Delta);
                Check(hold = raised, wanted);
            }

            void Check(PendingHold held, int seconds)
            {
                var granted = (long)held.Grant.TotalSeconds;
                Assert.Equal(WorstPrice.Of(price, granted), held.Amount);
                Assert.True(held.Amount.Micros <= money);
                Assert.True(granted == seconds || WorstPrice.Of(price, granted + 1).Micros > money);
            }
        });

    [Fact]
    public void An_extension_inside_an_increment_that_is_paid_for_costs_nothing()
    {
        var price = new GrantPrice([new() { PerMinute = new(600), FirstIncrement = 60, NextIncrement = 60 }], [Rate.Flat(Money.Zero)]);
        var book = Book(1_200);
        var hold = book.Hold(new("h", price, TimeSpan.FromSeconds(90), Write)).Write!;
        Assert.Equal((TimeSpan.FromSeconds(90), new Money(1_200)), (hold.Grant, hold.Amount));
        book.Committed(hold, 1);
        var more = book.Extend(new("h", 2, price, TimeSpan.FromSeconds(130), Write)).Write!;
        Assert.Equal((TimeSpan.FromSeconds(120), Money.Zero), (more.Grant, more.Delta));
    }

    [Fact]
    public void Nothing_that_is_not_durable_shows_in_the_balance()
    {
        var book = Book(1_000);
        var hold = book.Hold(Hold("h", 100)).Write!;
        Assert.Equal((Money.Zero, 0), (book.Balance().Held, book.Balance().Sequence));
        book.Committed(hold, 1);
        Assert.Equal((new Money(1_000), 1), (book.Balance().Held, book.Balance().Sequence));
    }

    [Theory]
    [InlineData(0, 0, WalletResult.InsufficientFunds)]
    [InlineData(-5, 0, WalletResult.InsufficientFunds)]
    [InlineData(1, 0, WalletResult.Done)]
    [InlineData(99, 100, WalletResult.InsufficientFunds)]
    [InlineData(100, 100, WalletResult.Done)]
    public void The_smallest_slice_and_a_balance_above_zero_are_needed(long posted, long price, WalletResult expected)
    {
        var decision = Book(posted).Hold(Hold("h", price));
        Assert.Equal(expected, decision.Now?.Result ?? WalletResult.Done);
    }

    [Fact]
    public void A_repeat_gets_the_first_answer_and_an_extension_only_follows_its_slice()
    {
        var book = Book(100_000);
        var first = book.Committed(book.Hold(Hold("h", 100)).Write!, 1);
        Assert.Equal(first, book.Hold(Hold("h", 100)).Now);
        Assert.Equal(WalletResult.Conflict, book.Extend(Extend("h", 3, 180)).Now!.Result);
        Assert.Equal(WalletResult.Conflict, book.Extend(Extend("other", 2, 180)).Now!.Result);
        var second = book.Committed(book.Extend(Extend("h", 2, 105)).Write!, 2);
        Assert.Equal((TimeSpan.FromSeconds(105), new Money(10_500)), (second.Grant, second.Held));
        Assert.Equal(second, book.Extend(Extend("h", 2, 105)).Now);
    }

    [Fact]
    public void A_gap_in_the_sequence_is_seen_and_closes_when_the_missing_change_is_told()
    {
        var book = Book(1_000);
        book.Credited(new(500), 2);
        Assert.True(book.HasGap);
        Assert.Equal(new Money(1_000), book.Posted);
        book.Credited(new(7), 1);
        Assert.False(book.HasGap);
        Assert.Equal((new Money(1_507), 2), (book.Posted, book.Sequence));
    }

    [Fact]
    public void Any_order_of_commands_repeats_and_outcomes_keeps_the_books() =>
        Gen.Int.Sample(seed =>
        {
            var world = new WalletWorld(seed);
            for (var step = 0; step < 200; step++) world.Step();
            world.Finish();
        }, iter: 2_000);

    internal static WalletBook Book(long posted) => new(new("member/alice", 1, 0, new(posted), Money.Zero, Money.Zero, "EUR", []));

    internal static HoldCommand Hold(string id, long price) =>
        new(id, PerSecond(price), TimeSpan.FromSeconds(90), Write);

    internal static ExtendCommand Extend(string id, int slice, int seconds, long price = 100) =>
        new(id, slice, PerSecond(price), TimeSpan.FromSeconds(seconds), Write);

    static GrantPrice PerSecond(long price) => new([Rate.Flat(new(price))], [Rate.Flat(Money.Zero)]);
}
