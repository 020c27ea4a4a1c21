using System.Globalization;
using System.Net;
using OrleansCallback.Load.Processes;
using OrleansCallback.Tests.Calls;
using OrleansCallback.Tests.Processes;
using OrleansCallback.Tests.Sip;

namespace OrleansCallback.Tests.Baresip;

/// <summary>One silo with a registrar over UDP, TCP and TLS, and one web node, for all tests of terminals that leave both as they are.</summary>
public sealed class TerminalSite(PostgresServer server) : IAsyncLifetime
{
    /// <summary>The collection of the tests that share it, one after the other.</summary>
    public const string Name = "terminals";

    /// <summary>Domain of all terminals.</summary>
    public const string Domain = "phones.test";

    /// <summary>Seconds of the shortest registration that it takes.</summary>
    public const int ShortestExpires = 2;

    /// <summary>How long a test waits for what takes a moment.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    readonly TestCertificates certificates = new();
    CallSite? site;

    /// <summary>The site.</summary>
    public CallSite Site => site ?? throw new InvalidOperationException("The site has not been started.");

    /// <summary>Where phones over UDP and TCP register; over TLS one port above.</summary>
    public IPEndPoint Sip { get; } = FreePorts.Udp("127.0.0.1");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var (certificate, key) = certificates.For(Domain, "127.0.0.1");
        site = await CallSite.StartAsync(await server.CreateDatabaseAsync(), new Dictionary<string, string>
        {
            ["Sip__Port"] = Sip.Port.ToString(CultureInfo.InvariantCulture),
            ["Sip__Transports"] = "udp,tcp,tls",
            ["Sip__Certificate"] = certificate,
            ["Sip__CertificateKey"] = key,
            ["Sip__MutualTlsPort"] = FreePorts.Tcp().ToString(CultureInfo.InvariantCulture),
            ["Terminals__Domain"] = Domain,
            // This machine is a carrier's, so that nobody here meets the limit for strangers by chance.
            ["Trunks__here__Address"] = "127.0.0.1:9",
            ["Trunks__here__Prefixes__0"] = "+999",
            ["Trunks__here__PingInterval"] = "0",
            ["Terminals__MinExpires"] = $"00:00:0{ShortestExpires}",
        });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (site is not null) await site.DisposeAsync();
        certificates.Dispose();
    }

    /// <summary>A phone as its owner sets it up, with the password just made.</summary>
    public PhoneSetup Phone(Terminal terminal, int tone, string transport = "udp") =>
        new(terminal.Account, terminal.Password, Domain, transport == "tls" ? new(Sip.Address, Sip.Port + 1) : Sip, transport, tone) { Trusted = certificates.Root };

    /// <summary>A member whose terminal rings in place of a number, with money.</summary>
    public async Task<(SiteClient Client, Terminal Terminal)> MemberAsync()
    {
        var client = await Site.MemberAsync(Scene.Plenty);
        await client.PutAsync("/v1/terminals/rings", new { rings = "terminal" });
        return (client, await Terminal.MakeAsync(client, "/v1/terminals", $"{client.Account}-phone"));
    }

    /// <summary>A merchant whose terminal rings in place of a number, paid for by the member.</summary>
    public async Task<Terminal> MerchantAsync(string id)
    {
        await Site.Admin.PutAsync($"/v1/admin/merchants/{id}", new { name = id, number = CallSite.MerchantNumber, payer = "member", rings = "terminal" });
        return await Terminal.MakeAsync(Site.Admin, $"/v1/admin/merchants/{id}/terminals", $"{id}-desk");
    }
}

/// <summary>The tests on <see cref="TerminalSite"/>.</summary>
[CollectionDefinition(TerminalSite.Name)]
public sealed class TerminalTests : ICollectionFixture<TerminalSite>;
