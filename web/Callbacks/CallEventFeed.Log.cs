namespace OrleansCallback.Web.Callbacks;

public sealed partial class CallEventFeed
{
    [LoggerMessage(1, LogLevel.Debug, "The events of {Callback} could not be read; the subscription is made again")]
    partial void SubscriptionFailed(Exception error, string callback);
}
