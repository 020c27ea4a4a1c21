using System.Net;
using System.Net.Sockets;
using DnsClient;
using DnsClient.Protocol;

namespace OrleansCallback.Sip.Net;

/// <summary>Finds servers by NAPTR, SRV, A and AAAA records (RFC 3263 section 4).</summary>
public sealed class DnsServerLocator : IServerLocator
{
    /// <summary>The most SRV records of one name that are followed.</summary>
    const int MaxServices = 32;

    /// <summary>How long the addresses of the operating system's own files are taken for good.</summary>
    static readonly TimeSpan LocalLife = TimeSpan.FromSeconds(60);

    readonly LookupClient client;
    readonly bool hasOwnServers;
    readonly IReadOnlyCollection<SipTransport> spoken;
    readonly IReadOnlyList<AddressFamily> families;

    /// <summary>A locator.</summary>
    /// <param name="servers">The name servers; empty for those of the operating system.</param>
    /// <param name="spoken">The transports that we speak.</param>
    /// <param name="families">The families of address that we can send to, in the order of preference.</param>
    public DnsServerLocator(IReadOnlyList<IPEndPoint> servers, IReadOnlyCollection<SipTransport> spoken, IReadOnlyList<AddressFamily> families)
    {
        (this.spoken, this.families, hasOwnServers) = (spoken, families, servers.Count > 0);
        var options = servers.Count > 0 ? new LookupClientOptions([.. servers]) : new LookupClientOptions();
        // The cache is the user agent's: what is kept here too would live twice as long.
        options.UseCache = false;
        options.Timeout = TimeSpan.FromSeconds(1);
        options.Retries = 2;
        options.ThrowDnsErrors = false;
        client = new LookupClient(options);
    }

    /// <inheritdoc/>
    public async Task<LocatedServers> LocateAsync(Target target, CancellationToken stop)
    {
        try
        {
            var search = new Search(this, stop);
            var servers = await search.ServersAsync(target).ConfigureAwait(false);
            return new LocatedServers(servers, search.Life);
        }
        catch (Exception e) when (e is DnsResponseException or SocketException or ArgumentException or OperationCanceledException)
        {
            return LocatedServers.None;
        }
    }

    /// <summary>One look-up with all its questions; it lives as long as the record that is forgotten first.</summary>
    sealed class Search(DnsServerLocator locator, CancellationToken stop)
    {
        public TimeSpan Life { get; private set; } = TimeSpan.FromDays(1);

        public async Task<IReadOnlyList<Server>> ServersAsync(Target target)
        {
            if (LocatingRule.AsksSrv(target))
            {
                var found = new List<Server>();
                foreach (var service in await ServicesAsync(target).ConfigureAwait(false))
                {
                    // Another service is worse than every server of the one before.
                    var rank = found.Count == 0 ? 0 : found.Max(s => s.Priority) + 1;
                    foreach (var server in await OfServiceAsync(service).ConfigureAwait(false)) found.Add(server with { Priority = server.Priority + rank });
                }
                if (found.Count > 0) return found;
            }
            var port = LocatingRule.PlainPort(target);
            return [.. (await AddressesAsync(target.Host.Host).ConfigureAwait(false)).Select((a, i) => new Server(target.PlainTransport, new IPEndPoint(a, port), i))];
        }

        async Task<IReadOnlyList<ServiceName>> ServicesAsync(Target target)
        {
            if (LocatingRule.AsksNaptr(target))
            {
                var answer = await QueryAsync(target.Host.Host, QueryType.NAPTR).ConfigureAwait(false);
                var records = answer.OfType<NAPtrRecord>()
                    .Select(r => new NaptrRecord(r.Order, r.Preference, r.Flags, r.Services, r.Replacement.Value)).ToList();
                if (LocatingRule.Services(target, records, locator.spoken) is { Count: > 0 } services) return services;
            }
            return LocatingRule.Services(target, locator.spoken);
        }

        async Task<IReadOnlyList<Server>> OfServiceAsync(ServiceName service)
        {
            var servers = new List<Server>();
            foreach (var record in (await QueryAsync(service.Name, QueryType.SRV).ConfigureAwait(false)).OfType<SrvRecord>().Take(MaxServices))
            {
                // "." says that the service is not offered (RFC 2782).
                if (record.Target.Value is "." or "" || record.Port == 0) continue;
                // The weight is the host's: its first address has it, the others come after the other hosts.
                var weight = (int)record.Weight;
                foreach (var address in await AddressesAsync(record.Target.Value).ConfigureAwait(false))
                {
                    servers.Add(new Server(service.Transport, new IPEndPoint(address, record.Port), record.Priority, weight));
                    weight = 0;
                }
            }
            return servers;
        }

        async Task<IReadOnlyList<IPAddress>> AddressesAsync(string name)
        {
            var found = new List<IPAddress>();
            foreach (var family in locator.families)
            {
                var type = family == AddressFamily.InterNetworkV6 ? QueryType.AAAA : QueryType.A;
                found.AddRange((await QueryAsync(name, type).ConfigureAwait(false)).OfType<AddressRecord>().Select(r => r.Address));
            }
            return found.Count > 0 ? found : await LocalAsync(name).ConfigureAwait(false);
        }

        /// <summary>Names of this machine's own files and search list, such as localhost or a neighbour in the same namespace.</summary>
        async Task<IReadOnlyList<IPAddress>> LocalAsync(string name)
        {
            if (locator.hasOwnServers && name.TrimEnd('.').Contains('.')) return [];
            try
            {
                var all = await Dns.GetHostAddressesAsync(name.TrimEnd('.'), stop).ConfigureAwait(false);
                Shorten(LocalLife);
                return [.. all.Where(a => locator.families.Contains(a.AddressFamily)).OrderBy(a => locator.families.ToList().IndexOf(a.AddressFamily))];
            }
            catch (SocketException)
            {
                return [];
            }
        }

        async Task<IReadOnlyList<DnsResourceRecord>> QueryAsync(string name, QueryType type)
        {
            IDnsQueryResponse answer;
            try
            {
                answer = await locator.client.QueryAsync(name, type, cancellationToken: stop).ConfigureAwait(false);
            }
            catch (DnsResponseException)
            {
                return []; // nobody answered this question; another kind of record may still be had
            }
            foreach (var record in answer.Answers) Shorten(TimeSpan.FromSeconds(record.TimeToLive));
            return answer.Answers;
        }

        void Shorten(TimeSpan life)
        {
            if (life < Life) Life = life;
        }
    }
}
