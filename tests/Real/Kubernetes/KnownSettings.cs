using System.Reflection;
using OrleansCallback.Calls;
using OrleansCallback.Silo.Settings;
using OrleansCallback.Terminals;
using OrleansCallback.Trunks;
using OrleansCallback.Web.Settings;

namespace OrleansCallback.Tests.Kubernetes;

/// <summary>Every environment name that the programs read, from the options that they bind.</summary>
static class KnownSettings
{
    /// <summary>Stands for the id of a trunk.</summary>
    public const string Id = "<id>";

    /// <summary>Names as in an environment: <c>Silo__Port</c>, <c>Trunks__&lt;id&gt;__Address</c>.</summary>
    public static IReadOnlySet<string> Names { get; } = new HashSet<string>(
    [
        "ASPNETCORE_URLS", "Store", "Sqlite__File", "ConnectionStrings__Ledger",
        .. Of<SiteSettings>(""), .. Of<WebOptions>("").Except(["FirstAdmin"]), .. Of<FirstAdminOptions>("FirstAdmin__"),
        .. Of<SiloSettings>("Silo__"), .. Of<SipSettings>("Sip__"), .. Of<MediaSettings>("Media__"), .. Of<CallOptions>("Calls__"),
        .. Of<TerminalsOptions>("Terminals__"),
        .. Of<TrunkOptions>($"Trunks__{Id}__"),
    ]);

    static IEnumerable<string> Of<T>(string section) =>
        typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanWrite || IsList(p.PropertyType))
            .Select(p => section + p.Name + (IsList(p.PropertyType) ? "__0" : IsNamed(p.PropertyType) ? "__<name>" : ""));

    static bool IsList(Type type) => typeof(System.Collections.IList).IsAssignableFrom(type);

    static bool IsNamed(Type type) => typeof(System.Collections.IDictionary).IsAssignableFrom(type);
}
