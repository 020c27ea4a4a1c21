namespace OrleansCallback.Silo.Drain;

/// <summary>Whether this silo has stopped taking new legs.</summary>
public sealed class DrainState
{
    volatile bool draining;

    /// <summary>True from the first moment of a shutdown.</summary>
    public bool Draining => draining;

    internal void Begin() => draining = true;
}
