using OrleansCallback.Calls;

namespace OrleansCallback.Web.Callbacks;

/// <summary>Tells the three statuses after which nothing happens.</summary>
public static class FinalStatus
{
    /// <summary>Completed, failed or canceled.</summary>
    public static bool IsFinal(this CallStatus status) => status is CallStatus.Completed or CallStatus.Failed or CallStatus.Canceled;
}
