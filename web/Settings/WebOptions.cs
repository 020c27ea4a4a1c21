namespace OrleansCallback.Web.Settings;

/// <summary>
/// What an operator can set, by environment name or command line (<c>Region=GB</c>, <c>--Region GB</c>). Beside these the server reads
/// <c>ASPNETCORE_URLS</c> (where it listens, default <c>http://localhost:5000</c>) and, with <c>Store=postgres</c>,
/// <c>ConnectionStrings__Ledger</c> (the PostgreSQL database through which it finds the silos).
/// </summary>
public sealed class WebOptions
{
    /// <summary><c>Site</c>: the tenant that this server serves; lower-case letters, digits and hyphens.</summary>
    public string Site { get; set; } = "main";

    /// <summary><c>Region</c>: ISO 3166 region in whose national notation numbers without a country code are read.</summary>
    public string Region { get; set; } = "DE";

    /// <summary><c>Currency</c>: ISO 4217 currency of the site's wallets and rates.</summary>
    public string Currency { get; set; } = "EUR";

    /// <summary><c>Store</c>: <c>sqlite</c> runs everything embedded in this process, <c>postgres</c> makes it a client of the silos.</summary>
    public string Store { get; set; } = EmbeddedStore;

    /// <summary>
    /// <c>Gateway</c>: with <c>Store=sqlite</c> the gateway of a silo on the same machine (<c>127.0.0.1:30000</c>) that this server is a client
    /// of; empty: the silo is in this process.
    /// </summary>
    public string Gateway { get; set; } = "";

    /// <summary><c>Data</c>: folder of the embedded store, relative to the content root.</summary>
    public string Data { get; set; } = "data";

    /// <summary><c>LoginsPerMinute</c>: logins that one source address may try a minute, and at once.</summary>
    public int LoginsPerMinute { get; set; } = 60;

    /// <summary><c>LoginHours</c>: how long a login is good for.</summary>
    public double LoginHours { get; set; } = 12;

    /// <summary>
    /// <c>FirstAdmin__Account</c>, <c>FirstAdmin__Password</c>, <c>FirstAdmin__Number</c>: an account with all roles, made at start if it
    /// is not there, through which programs set up the rest.
    /// </summary>
    public FirstAdminOptions FirstAdmin { get; set; } = new();

    /// <summary>The value of <see cref="Store"/> for the embedded default.</summary>
    public const string EmbeddedStore = "sqlite";

    /// <summary>The value of <see cref="Store"/> for a client of a cluster.</summary>
    public const string ClusterStore = "postgres";
}

/// <summary>The first administrator; none if the account is empty.</summary>
public sealed class FirstAdminOptions
{
    /// <summary>The account's name.</summary>
    public string Account { get; set; } = "";

    /// <summary>Its password.</summary>
    public string Password { get; set; } = "";

    /// <summary>Its telephone number, in any notation of the region.</summary>
    public string Number { get; set; } = "";
}
