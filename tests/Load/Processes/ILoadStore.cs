namespace OrleansCallback.Load.Processes;

/// <summary>Where silo and web keep everything during a run.</summary>
public interface ILoadStore : IAsyncDisposable
{
    /// <summary><c>postgres</c> or <c>sqlite</c>.</summary>
    string Name { get; }

    /// <summary>The database's process; null where it runs inside the silo.</summary>
    int? Pid { get; }

    /// <summary>Settings by which silo and web find it.</summary>
    IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>Starts it, empty.</summary>
    Task StartAsync();

    /// <summary>What the read-only script of tests/books finds; nothing when the books balance.</summary>
    Task<IReadOnlyList<string>> ViolationsAsync(string scripts);

    /// <summary>Holds that are not resolved.</summary>
    Task<long> PendingHoldsAsync();
}
