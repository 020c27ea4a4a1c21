using System.Net;
using CsCheck;
using OrleansCallback.Sip;
using Xunit;

namespace OrleansCallback.Tests.Sip;

/// <summary>RFC 2782: priorities strictly, weights in proportion.</summary>
public sealed class ServerOrderTests
{
    static Server At(int n, int priority = 0, int weight = 0) => new(SipTransport.Udp, new IPEndPoint(IPAddress.Loopback, n), priority, weight);

    static readonly Gen<Server[]> Servers = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 5]).Array[0, 20]
        .Select(all => all.Select((s, i) => At(i + 1, s.Item1, s.Item2)).ToArray());

    [Fact]
    public void Every_server_comes_once_and_no_priority_before_a_lower_one() => Gen.Select(Servers, Gen.ULong).Sample((servers, seed) =>
    {
        var order = ServerOrder.Of(servers, seed);
        Assert.Equal(servers.OrderBy(s => s.EndPoint.Port), order.OrderBy(s => s.EndPoint.Port));
        Assert.Equal(order.Select(s => s.Priority).Order(), order.Select(s => s.Priority));
        Assert.Equal(order, ServerOrder.Of(servers, seed));
    });

    [Fact]
    public void The_first_is_chosen_in_proportion_to_its_weight()
    {
        const int Draws = 20_000;
        Server[] servers = [At(1, 1, 60), At(2, 1, 30), At(3, 1, 10), At(4, 1), At(5, 2, 1_000)];
        var first = Enumerable.Range(0, Draws).Select(seed => ServerOrder.Of(servers, (ulong)seed)[0].EndPoint.Port).CountBy(port => port).ToDictionary();
        foreach (var (port, share) in ((int, double)[])[(1, 0.6), (2, 0.3), (3, 0.1)])
        {
            // Five standard deviations of a binomial, and the hundredth that weight 0 may take (RFC 2782).
            var allowed = 5 * Math.Sqrt(share * (1 - share) / Draws) + 0.01;
            Assert.InRange(first[port] / (double)Draws, share - allowed, share + allowed);
        }
        Assert.InRange(first.GetValueOrDefault(4), 1, Draws / 50);
        Assert.False(first.ContainsKey(5));
    }

    [Fact]
    public void Servers_without_weights_share_evenly()
    {
        var first = Enumerable.Range(0, 9_000).Select(seed => ServerOrder.Of([At(1), At(2), At(3)], (ulong)seed)[0].EndPoint.Port).CountBy(port => port);
        Assert.All(first, share => Assert.InRange(share.Value, 2_700, 3_300));
    }
}
