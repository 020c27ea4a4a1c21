using System.Globalization;
using System.Net;
using OrleansCallback.Load.Processes;
using OrleansCallback.Tests.Calls;
using OrleansCallback.Tests.Processes;
using OrleansCallback.Tests.Sip;

namespace OrleansCallback.Tests.Baresip;

/// <summary>A silo that speaks TLS, whose terminals prefer to be encrypted and whose merchants' trunk is set by each test.</summary>
public sealed class EncryptedSite(PostgresServer server) : IAsyncLifetime
{
    /// <summary>Hz of what the two phones play, and of the silo's hold audio.</summary>
    public const int MemberTone = 620, MerchantTone = 1_000, HoldTone = 425;

    const string Domain = "phones.test";
    static readonly string[] Loopback = ["127.0.0.0/8"];
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    readonly TestCertificates certificates = new();
    readonly IPEndPoint sip = FreePorts.Udp("127.0.0.1");
    readonly int tlsPort = FreePorts.Tcp();
    CallSite? site;

    /// <summary>The site.</summary>
    public CallSite Site => site ?? throw new InvalidOperationException("The site has not been started.");

    /// <summary>Whatever the programs of the site wrote.</summary>
    public string Output => Site.Silos[0].Program.Output + Site.Web.Program.Output;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var (certificate, key) = certificates.For(Domain, "127.0.0.1");
        site = await CallSite.StartAsync(await server.CreateDatabaseAsync(), new Dictionary<string, string>
        {
            ["Sip__Port"] = sip.Port.ToString(CultureInfo.InvariantCulture),
            ["Sip__TlsPort"] = tlsPort.ToString(CultureInfo.InvariantCulture),
            ["Sip__Transports"] = "udp,tcp,tls",
            ["Sip__Certificate"] = certificate,
            ["Sip__CertificateKey"] = key,
            ["Terminals__Domain"] = Domain,
            ["Terminals__MediaEncryption"] = "preferred",
            ["Calls__RingLimitB"] = "00:00:08",
        });
    }

    /// <summary>Says whether the merchants' trunk is encrypted. baresip names the machine's own address for its audio and sends from loopback.</summary>
    public async Task SetTrunkAsync(string encryption)
    {
        var changed = await Site.Admin.PutAsync($"/v1/admin/trunks/{CallSite.MerchantTrunk}", new { media_encryption = encryption, media_networks = Loopback });
        Assert.True(changed.Code == HttpStatusCode.OK, $"{changed.Body}");
        Assert.Equal(encryption, changed.Text("media_encryption"));
        await Site.TrunkInForceAsync(CallSite.MerchantTrunk);
    }

    /// <summary>A member whose registered phone is rung, with that phone.</summary>
    public async Task<(SiteClient Client, BaresipPhone Phone)> MemberAsync(string transport, string encryption)
    {
        var client = await Site.MemberAsync(Scene.Plenty);
        await client.PutAsync("/v1/terminals/rings", new { rings = "terminal" });
        var account = $"{client.Account}-phone";
        var made = await client.PostAsync("/v1/terminals", new { account });
        var address = transport == "tls" ? new IPEndPoint(sip.Address, tlsPort) : sip;
        var phone = await BaresipPhone.StartAsync(new(account, made.Text("password")!, Domain, address, transport, MemberTone) { Encryption = encryption });
        await Waiting.UntilAsync("the phone to be registered", Soon,
            async () => (await client.ReadAsync("/v1/terminals")).Body.GetProperty("terminals")[0].GetProperty("registered").GetInt32() == 1, () => phone.Log);
        return (client, phone);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (site is not null) await site.DisposeAsync();
        certificates.Dispose();
    }
}
