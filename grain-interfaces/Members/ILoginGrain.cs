namespace OrleansCallback.Members;

/// <summary>One login, known by its id alone: whether it was ended before its ticket expires. Key: <see cref="GrainKeys.Login"/>.</summary>
[Alias("ILoginGrain")]
public interface ILoginGrain : IGrainWithStringKey
{
    /// <summary>Ends the login for good.</summary>
    [Alias("End")]
    Task End();

    /// <summary>Whether it was ended.</summary>
    [Alias("HasEnded")]
    Task<bool> HasEnded();
}
