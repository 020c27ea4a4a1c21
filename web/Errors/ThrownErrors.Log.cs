namespace OrleansCallback.Web.Errors;

public sealed partial class ThrownErrors
{
    [LoggerMessage(1, LogLevel.Warning, "The cluster or its database could not be reached for {Method} {Endpoint}")]
    partial void ClusterUnreachable(Exception exception, string method, string? endpoint);

    [LoggerMessage(2, LogLevel.Error, "{Method} {Endpoint} failed")]
    partial void Unhandled(Exception exception, string method, string? endpoint);
}
