namespace OrleansCallback.Terminals;

/// <summary>This silo as phones know it. Safe from any thread.</summary>
public interface IPhoneSilo
{
    /// <summary>How it is now.</summary>
    PhoneSilo Now { get; }
}

/// <summary>A silo without a registrar.</summary>
public sealed class NoPhones : IPhoneSilo
{
    /// <inheritdoc/>
    public PhoneSilo Now { get; } = new("", "", TakesLegs: false);
}
