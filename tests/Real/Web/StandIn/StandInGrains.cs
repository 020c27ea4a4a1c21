using System.Reflection;
using OrleansCallback.Calls;
using OrleansCallback.Members;
using OrleansCallback.Merchants;
using OrleansCallback.Sites;
using OrleansCallback.Wallets;

namespace OrleansCallback.Tests.Web.StandIn;

/// <summary>
/// Hands out plain objects in the grains' place, for answers that a real cluster gives only when it is in trouble. Everything that a real
/// cluster can be brought to is tested against a real one.
/// </summary>
public class StandInGrains : DispatchProxy
{
    StandInCluster? cluster;

    public static IGrainFactory Over(StandInCluster cluster)
    {
        var grains = Create<IGrainFactory, StandInGrains>();
        ((StandInGrains)(object)grains).cluster = cluster;
        return grains;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod is { Name: "GetGrain", IsGenericMethod: true } && args is [string key, ..]
            ? cluster!.Grain(targetMethod.GetGenericArguments()[0], key)
            : throw new NotSupportedException($"The web asks for no grain by {targetMethod}.");
}

/// <summary>What the stand-in grains know; a test changes it as it needs.</summary>
public sealed class StandInCluster
{
    public Dictionary<string, StandInMember> Members { get; } = [];
    public Dictionary<string, Merchant> Merchants { get; } = [];
    public Dictionary<string, StandInSession> Sessions { get; } = [];
    public Func<CallbackRequest, Admission>? OnPlace { get; set; }
    public Exception? Down { get; set; }
    public List<CallbackRequest> Placed { get; } = [];

    readonly StandInKeys keys = new();

    public object Grain(Type type, string key)
    {
        var name = GrainKeys.NameOf(key);
        if (type == typeof(IKeyRingGrain))
            return keys;
        if (type == typeof(ILoginGrain))
            return new StandInLogin();
        if (type == typeof(ISiteGrain))
            return new StandInSite(this);
        if (type == typeof(IMerchantGrain))
            return new StandInMerchant(this, name);
        if (type == typeof(IMemberGrain))
            return Members.TryGetValue(name, out var member) ? member : new StandInMember();
        if (type == typeof(ICallSessionGrain))
            return Sessions.TryGetValue(name, out var session) ? session : new StandInSession { Cluster = this };
        throw new NotSupportedException($"There is no stand-in for {type.Name}.");
    }
}

public sealed class StandInKeys : IKeyRingGrain
{
    readonly List<string> keys = [];

    public Task<IReadOnlyList<string>> All()
    {
        lock (keys)
            return Task.FromResult<IReadOnlyList<string>>([.. keys]);
    }

    public Task Add(string name, string xml)
    {
        lock (keys)
            keys.Add(xml);
        return Task.CompletedTask;
    }
}

public sealed class StandInLogin : ILoginGrain
{
    public Task End() => Task.CompletedTask;

    public Task<bool> HasEnded() => Task.FromResult(false);
}

public sealed class StandInSite(StandInCluster cluster) : ISiteGrain
{
    public Task<IReadOnlyList<Merchant>> Merchants() =>
        cluster.Down is { } error ? Task.FromException<IReadOnlyList<Merchant>>(error) : Task.FromResult<IReadOnlyList<Merchant>>([.. cluster.Merchants.Values]);

    public Task List(Merchant merchant) => Task.CompletedTask;
}

public sealed class StandInMerchant(StandInCluster cluster, string id) : IMerchantGrain
{
    public Task<Merchant?> Get() => Task.FromResult(cluster.Merchants.GetValueOrDefault(id));

    public Task Put(Merchant merchant)
    {
        cluster.Merchants[id] = merchant;
        return Task.CompletedTask;
    }
}

public sealed class StandInMember : IMemberGrain
{
    public Task<bool> RingTerminal(bool terminal) => Task.FromResult(false);

    public MemberProfile? Known { get; set; }
    public LogInResult Answer { get; set; } = new(LogInKind.Refused);

    public Task<LogInResult> LogIn(string password) => Task.FromResult(Answer);

    public Task<MemberProfile?> Profile() => Task.FromResult(Known);

    public Task Register(MemberRegistration registration) => Task.CompletedTask;
}

public sealed class StandInSession : ICallSessionGrain
{
    public StandInCluster? Cluster { get; init; }
    public CallbackView? View { get; set; }
    public Func<long, IAsyncEnumerable<CallEvent>>? Steps { get; set; }
    public int Subscriptions => subscriptions;

    int subscriptions;

    public Task<Admission> Place(CallbackRequest request)
    {
        Cluster!.Placed.Add(request);
        return Cluster.Down is { } error ? Task.FromException<Admission>(error) : Task.FromResult(Cluster.OnPlace!(request));
    }

    public Task<CallbackView?> Get() => Task.FromResult(View);

    public Task<CallbackView?> Cancel() => Task.FromResult(View);

    public IAsyncEnumerable<CallEvent> Events(long after)
    {
        Interlocked.Increment(ref subscriptions);
        return Steps!(after);
    }

    public Task<long> Report(string leg, IReadOnlyList<LegNews> news) => Task.FromResult(0L);

    public Task Sweep() => Task.CompletedTask;
}
