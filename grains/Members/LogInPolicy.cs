namespace OrleansCallback.Members;

/// <summary>How repeated wrong passwords are slowed: pure.</summary>
public static class LogInPolicy
{
    /// <summary>Wrong passwords in a row that cost nothing but themselves.</summary>
    public const int FreeFailures = 5;

    /// <summary>The longest wait.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    /// <summary>How long after the last of so many failures in a row the next try is looked at: 1, 2, 4 … seconds.</summary>
    public static TimeSpan WaitAfter(int failures)
    {
        if (failures < FreeFailures) return TimeSpan.Zero;
        var wait = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(failures - FreeFailures, 20)));
        return wait < LongestWait ? wait : LongestWait;
    }
}
