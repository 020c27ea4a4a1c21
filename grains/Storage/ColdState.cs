namespace OrleansCallback.Storage;

/// <summary>State of grains that no call writes: members, merchants, sites, keys.</summary>
public static class ColdState
{
    /// <summary>Name of the storage provider.</summary>
    public const string Storage = "cold";

    /// <summary>
    /// Writes the state. Two first writers of one grain are told apart by a unique index alone, whose loser gets a plain database error: after
    /// any failure memory is not the truth, so the grain deactivates and the next call reads the row.
    /// </summary>
    internal static async Task Write<T>(this Grain grain, IPersistentState<T> state)
    {
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            grain.GrainContext.Deactivate(new(DeactivationReasonCode.ApplicationError, "The state could not be written."));
            throw;
        }
    }
}
