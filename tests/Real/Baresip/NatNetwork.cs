using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace OrleansCallback.Tests.Baresip;

/// <summary>
/// A home network behind a NAT: a namespace for the phone, one for the router that masquerades, and a cable from there to this machine. Linux's own NAT
/// drops whatever does not answer the phone (RFC 4787: address and port dependent filtering). Needs root.
/// </summary>
public sealed class NatNetwork : IAsyncDisposable
{
    static int made;

    readonly string phone, router, outer, inner;

    NatNetwork()
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{Interlocked.Increment(ref made)}");
        (phone, router, outer, inner) = ($"phone-{id}", $"router-{id}", $"o{id}", $"i{id}");
        Outside = new IPAddress([10, (byte)(200 + made % 50), (byte)(Environment.ProcessId % 250), 1]);
    }

    /// <summary>This machine as the router sees it.</summary>
    public IPAddress Outside { get; }

    /// <summary>The router as this machine sees it: the one address of all that is behind it.</summary>
    public IPAddress Router => Next(Outside);

    /// <summary>The phone's own address.</summary>
    public IPAddress Inside { get; } = IPAddress.Parse("192.168.77.2");

    /// <summary>What is put before a command to run it behind the NAT.</summary>
    public IReadOnlyList<string> Command => ["ip", "netns", "exec", phone];

    /// <summary>Builds it.</summary>
    /// <param name="mapping">Whole seconds after which the router forgets a mapping that the phone does not use.</param>
    public static async Task<NatNetwork> StartAsync(TimeSpan mapping)
    {
        var network = new NatNetwork();
        try
        {
            await network.BuildAsync(mapping);
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // A cable is gone with either of its ends.
        foreach (var name in (string[])[phone, router]) await RunAsync(["ip", "netns", "del", name], mayFail: true);
    }

    async Task BuildAsync(TimeSpan mapping)
    {
        foreach (var name in (string[])[phone, router])
        {
            await RunAsync(["ip", "netns", "add", name]);
            await RunAsync(["ip", "-n", name, "link", "set", "lo", "up"]);
        }

        await RunAsync(["ip", "link", "add", outer, "type", "veth", "peer", "name", "wan", "netns", router]);
        await RunAsync(["ip", "-n", router, "link", "add", inner, "type", "veth", "peer", "name", "lan", "netns", phone]);
        await UpAsync([], outer, $"{Outside}/30");
        await UpAsync(["-n", router], "wan", $"{Router}/30");
        await UpAsync(["-n", router], inner, "192.168.77.1/24");
        await UpAsync(["-n", phone], "lan", $"{Inside}/24");
        await RunAsync(["ip", "-n", phone, "route", "add", "default", "via", "192.168.77.1"]);
        string[] inRouter = ["ip", "netns", "exec", router];
        await RunAsync([.. inRouter, "iptables", "-t", "nat", "-A", "POSTROUTING", "-o", "wan", "-p", "udp", "-j", "MASQUERADE", "--to-ports", "40000-49999", "--random"]);
        await RunAsync([.. inRouter, "iptables", "-A", "INPUT", "-i", "wan", "-m", "conntrack", "!", "--ctstate", "ESTABLISHED,RELATED", "-j", "DROP"]);
        await RunAsync([.. inRouter, "iptables", "-A", "FORWARD", "-i", "wan", "-m", "conntrack", "!", "--ctstate", "ESTABLISHED,RELATED", "-j", "DROP"]);
        await SetAsync("net/ipv4/ip_forward", 1);
        await SetAsync("net/netfilter/nf_conntrack_udp_timeout", (int)mapping.TotalSeconds);
        await SetAsync("net/netfilter/nf_conntrack_udp_timeout_stream", (int)mapping.TotalSeconds);
    }

    Task SetAsync(string name, int value) => RunAsync(["ip", "netns", "exec", router, "sh", "-c", FormattableString.Invariant($"echo {value} > /proc/sys/{name}")]);

    static async Task UpAsync(string[] where, string link, string address)
    {
        await RunAsync(["ip", .. where, "addr", "add", address, "dev", link]);
        await RunAsync(["ip", .. where, "link", "set", link, "up"]);
    }

    static async Task RunAsync(string[] command, bool mayFail = false)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException($"{command[0]} did not start.");
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0 && !mayFail)
            throw new InvalidOperationException($"'{string.Join(' ', command)}' ended with {process.ExitCode}; a network of its own needs root. {errors}");
    }

    static IPAddress Next(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        bytes[3]++;
        return new(bytes);
    }
}
