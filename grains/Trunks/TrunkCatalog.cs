using Microsoft.Extensions.Options;

namespace OrleansCallback.Trunks;

/// <summary>The trunks in force on this silo. Read from any thread; replaced as a whole when an administrator has changed something.</summary>
public sealed class TrunkCatalog(IOptions<TrunksOptions> configured)
{
    TrunkPlan current = new(configured.Value, null);

    /// <summary>The plan in force.</summary>
    public TrunkPlan Current => Volatile.Read(ref current);

    /// <summary>Raised after the plan was replaced, with the one before.</summary>
    public event Action<TrunkPlan>? Changed;

    /// <summary>Takes over what administrators changed.</summary>
    public void Adopt(TrunkChanges changes)
    {
        var before = Interlocked.Exchange(ref current, new TrunkPlan(configured.Value, changes));
        Changed?.Invoke(before);
    }
}
