namespace OrleansCallback.Calls;

/// <summary>Whether a silo can still hold a leg.</summary>
public interface ISiloLiveness
{
    /// <summary>Whether each silo is dead in, or absent from, a membership read that is made for this question. Throws if none can be made.</summary>
    Task<IReadOnlySet<string>> Gone(IReadOnlyCollection<string> silos);
}
