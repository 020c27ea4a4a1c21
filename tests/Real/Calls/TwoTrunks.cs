using System.Globalization;
using System.Net;
using OrleansCallback.Load.Processes;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Calls;

/// <summary>One silo whose member numbers have a route of two trunks: members, then idle. Two web nodes.</summary>
public sealed class TwoTrunks(PostgresServer server) : IAsyncLifetime
{
    CallSite? site;

    /// <summary>The site.</summary>
    public CallSite Site => site ?? throw new InvalidOperationException("The site has not been started.");

    /// <summary>The second web node.</summary>
    public WebProcess SecondWeb { get; private set; } = null!;

    /// <summary>Where the silo takes SIP.</summary>
    public IPEndPoint Sip { get; } = FreePorts.Udp("127.0.0.1");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var database = await server.CreateDatabaseAsync();
        site = await CallSite.StartAsync(database, new Dictionary<string, string>
        {
            ["Routes__4930231250__0__Trunk"] = CallSite.MemberTrunk,
            ["Routes__4930231250__1__Trunk"] = CallSite.IdleTrunk,
            ["Routes__4930231250__1__Priority"] = "1",
            ["Calls__RingLimitA"] = "00:00:09",
            ["Calls__ResponseLimit"] = "00:00:03",
            ["Sip__Port"] = Sip.Port.ToString(CultureInfo.InvariantCulture),
            ["Sip__IncomingAnswer"] = "480",
            ["Trunks__idle__NumberFormat"] = "national:49",
            ["Trunks__idle__CallerIdFrom"] = "merchant",
            ["Trunks__idle__AssertedIdentity"] = "true",
            ["Trunks__idle__Codecs"] = "PCMA",
            ["Trunks__idle__UserAgent"] = "Sample Works",
            ["Trunks__idle__Headers__X-Account"] = "77",
        });
        SecondWeb = await WebProcess.ClientAsync(database);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (SecondWeb is not null) await SecondWeb.DisposeAsync();
        if (site is not null) await site.DisposeAsync();
    }
}
