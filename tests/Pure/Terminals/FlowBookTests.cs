using OrleansCallback.Terminals;

namespace OrleansCallback.Tests.Terminals;

/// <summary>Where a terminal's phones are, and which silo can ring them.</summary>
public sealed class FlowBookTests
{
    static readonly DateTimeOffset Now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    static TerminalFlow Flow(
        string contact, string silo = "s1", int since = 0, int life = 120, FlowReach reach = FlowReach.Address, double q = 1, string instance = "",
        string sentBy = "") =>
        new(silo, sentBy.Length > 0 ? sentBy : $"{silo}:5060", contact, $"{contact}:5060", q, Now.AddSeconds(since), Now.AddSeconds(since + life), reach, instance);

    static string[] Names(IEnumerable<TerminalFlow> flows) => [.. flows.Select(flow => $"{flow.Contact}@{flow.Silo}")];

    [Fact]
    public void What_a_silo_tells_takes_the_place_of_what_it_had_told_and_of_the_process_before_it()
    {
        TerminalFlow[] known = [Flow("a"), Flow("b"), Flow("c", "s2"), Flow("d", "s1-before", sentBy: "s1:5060")];
        Assert.Equal(["a@s1", "c@s2"], Names(FlowBook.Announce(known, "s1", "s1:5060", [Flow("a")], Now)).Order());
        Assert.Equal(["c@s2"], Names(FlowBook.Announce(known, "s1", "s1:5060", [], Now)));
    }

    [Fact]
    public void A_phone_that_has_moved_is_where_it_registered_last_whoever_tells_last()
    {
        var moved = FlowBook.Announce([Flow("a"), Flow("old", instance: "urn:1")], "s2", "s2:5060", [Flow("a", "s2", 5), Flow("new", "s2", 5, instance: "urn:1")], Now);
        Assert.Equal(["a@s2", "new@s2"], Names(moved).Order());
        // The silo that it left still holds its binding, and tells it along with another phone's.
        var told = FlowBook.Announce(moved, "s1", "s1:5060", [Flow("a"), Flow("old", instance: "urn:1"), Flow("b", since: 9)], Now);
        Assert.Equal(["a@s2", "b@s1", "new@s2"], Names(told).Order());
    }

    [Fact]
    public void The_best_liked_comes_first_then_the_youngest_and_what_has_ended_is_gone() => Assert.Equal(
        ["c@s1", "b@s1", "a@s1"],
        Names(FlowBook.Live([Flow("a", q: 0.5), Flow("b", since: -2), Flow("c", since: -1), Flow("d", since: -120)], Now)));

    [Theory]
    [InlineData(FlowReach.Connection, "s1", true, "s1")]
    [InlineData(FlowReach.Connection, "s1", false, null)] // it drains
    [InlineData(FlowReach.Connection, "gone", true, null)]
    [InlineData(FlowReach.Address, "s1", true, "s1")]
    [InlineData(FlowReach.Address, "s1-before", true, "s1")] // a later process at the same address
    [InlineData(FlowReach.Address, "s1-before", false, null)]
    [InlineData(FlowReach.Address, "gone", true, null)]
    [InlineData(FlowReach.Anywhere, "s1", false, "s2")]
    [InlineData(FlowReach.Anywhere, "s1-before", true, "s1")]
    [InlineData(FlowReach.Anywhere, "gone", true, "s1")]
    public void A_flow_is_used_from_its_silo_from_its_address_or_from_anywhere(FlowReach reach, string holder, bool takes, string? silo)
    {
        var flow = Flow("a", holder, reach: reach, sentBy: holder == "gone" ? "gone:5060" : "s1:5060");
        var usable = FlowBook.Usable(flow, [new("s1", "s1:5060", takes), new("s2", "s2:5060", true)]);
        Assert.Equal((silo, silo is null ? null : $"{silo}:5060"), (usable?.Silo, usable?.SentBy));
    }

    [Fact]
    public void Nobody_is_reached_where_no_silo_answers() => Assert.Null(FlowBook.Usable(Flow("a", reach: FlowReach.Anywhere), []));
}
