namespace OrleansCallback.Web.Cluster;

public sealed partial class FirstAdmin
{
    [LoggerMessage(1, LogLevel.Information, "The administrator's account {Account} was made")]
    partial void Made(string account);
}
