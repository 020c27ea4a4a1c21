using CsCheck;
using OrleansCallback.Trunks;

namespace OrleansCallback.Tests.Trunks;

public sealed class RouteTableTests
{
    static readonly Gen<string> Digits = Gen.Char['0', '3'].Array[0, 4].Select(digits => "+" + new string(digits));
    static readonly Gen<PhoneNumber> Number = Gen.Char['0', '3'].Array[6, 10].Select(digits => PhoneNumber.FromE164("+1" + new string(digits)));

    static readonly Gen<Dictionary<string, IReadOnlyList<RouteChoice>>> Tables =
        Gen.Select(Digits, Gen.Select(Gen.Int[0, 5], Gen.Int[0, 2], Gen.Int[0, 3]).Array[1, 6]).Array[0, 12].Select(routes => routes
            .GroupBy(route => route.Item1.Length > 1 ? "+1" + route.Item1[1..] : "+")
            .ToDictionary(group => group.Key, group => (IReadOnlyList<RouteChoice>)
                [.. group.First().Item2.Select(choice => new RouteChoice($"t{choice.Item1}", choice.Item2, choice.Item3)).DistinctBy(choice => choice.Trunk)]));

    [Fact]
    public void The_longest_prefix_decides_and_each_of_its_trunks_comes_once_by_priority() =>
        Gen.Select(Tables, Number, Gen.Int).Sample((routes, number, seed) =>
        {
            var plan = new RouteTable(routes).Plan(number, $"{seed}");
            var best = routes.Keys.Where(prefix => number.E164.StartsWith(prefix, StringComparison.Ordinal)).MaxBy(prefix => prefix.Length);
            if (best is null) return plan.Count == 0;
            var priorities = routes[best].ToDictionary(choice => choice.Trunk, choice => choice.Priority);
            return plan.Order().SequenceEqual(priorities.Keys.Order()) && plan.Select(trunk => priorities[trunk]).SequenceEqual(plan.Select(trunk => priorities[trunk]).Order());
        });

    [Fact]
    public void The_same_seed_gives_the_same_order() =>
        Gen.Select(Tables, Number, Gen.Int).Sample((routes, number, seed) =>
            new RouteTable(routes).Plan(number, $"{seed}").SequenceEqual(new RouteTable(routes.Reverse()).Plan(number, $"{seed}")));

    [Fact]
    public void Trunks_of_one_priority_come_first_as_often_as_they_are_heavy()
    {
        var table = new RouteTable([new("+", [new("a", 0, 1), new("b", 0, 3), new("none", 0, 0), new("later", 1, 100)])]);
        var first = Enumerable.Range(0, 20_000).Select(n => table.Plan(PhoneNumber.FromE164("+4930123456"), $"call-{n}/A"))
            .Select(plan => (First: plan[0], Last: plan[^1])).ToList();
        Assert.All(first, plan => Assert.Equal("later", plan.Last));
        Assert.InRange(first.Count(plan => plan.First == "b") / 20_000.0, 0.735, 0.765);
        Assert.Equal(0, first.Count(plan => plan.First == "none"));
    }

    [Fact]
    public void A_trunk_s_own_prefixes_make_a_route_where_none_is_written()
    {
        var options = new TrunksOptions
        {
            Trunks = { ["b"] = new() { Prefixes = ["+49", "+43"] }, ["a"] = new() { Prefixes = ["+49"] }, ["c"] = new() { Prefixes = ["+"] }, ["d"] = new() },
            Routes = { ["43"] = [new("c"), new("gone", 1)] },
        };
        var plan = new TrunkPlan(options, null);
        Assert.Equal(["a", "b"], plan.Routes.Plan(PhoneNumber.FromE164("+493012345"), "x"));
        Assert.Equal(["c"], plan.Routes.Plan(PhoneNumber.FromE164("+431234567"), "x"));
        Assert.Equal(["c"], plan.Routes.Plan(PhoneNumber.FromE164("+331234567"), "x"));
    }

    [Fact]
    public void A_route_whose_trunks_are_all_gone_opens_no_shorter_prefix_and_its_last_trunk_is_said_to_be_needed()
    {
        var options = new TrunksOptions
        {
            Trunks = { ["a"] = new() { Prefixes = ["+"] }, ["b"] = new() }, Owned = ["a", "later"],
            Routes = { ["49"] = [new("gone"), new("b", 1)], ["43"] = [new("a"), new("b")] },
        };
        var plan = new TrunkPlan(options, null);
        Assert.Equal(["+49"], plan.NeedOf("b"));
        Assert.Empty(plan.NeedOf("a"));
        Assert.Equal(["gone", "later"], plan.Missing());
        plan = new(options, new TrunkChanges(1, new Dictionary<string, TrunkOptions?> { ["b"] = null }, new Dictionary<string, IReadOnlyList<RouteChoice>>()));
        Assert.Empty(plan.Routes.Plan(PhoneNumber.FromE164("+493012345"), "x"));
        Assert.Equal(["a"], plan.Routes.Plan(PhoneNumber.FromE164("+4412345678"), "x"));
        Assert.Equal(["a"], plan.Routes.Plan(PhoneNumber.FromE164("+431234567"), "x"));
    }

    [Fact]
    public void What_an_administrator_stored_lies_over_the_configuration()
    {
        var options = new TrunksOptions { SiloName = "one", Trunks = { ["a"] = new() { RatePerSecond = 1 }, ["b"] = new() }, Routes = { ["+"] = [new("b")] } };
        var changes = new TrunkChanges(
            3,
            new Dictionary<string, TrunkOptions?> { ["a"] = new() { RatePerSecond = 9 }, ["b"] = null, ["c"] = new() { Silos = ["two"] } },
            new Dictionary<string, IReadOnlyList<RouteChoice>> { ["+"] = [new("c"), new("a", 1)] });
        var plan = new TrunkPlan(options, changes);
        Assert.Equal((3, 9), (plan.Version, plan.Trunks["a"].RatePerSecond));
        Assert.Equal(["c", "a"], plan.Routes.Plan(PhoneNumber.FromE164("+331234567"), "x"));
        Assert.Equal(["a"], plan.Owned());
        Assert.Equal(["a", "b"], new TrunkPlan(options, null).Owned());
        Assert.Equal(["a", "b"], plan.ChangedSince(new(options, null)).Order());
        Assert.Empty(new TrunkPlan(options, changes with { Version = 4 }).ChangedSince(plan));
    }
}
