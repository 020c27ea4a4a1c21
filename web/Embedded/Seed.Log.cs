namespace OrleansCallback.Web.Embedded;

public sealed partial class Seed
{
    [LoggerMessage(1, LogLevel.Debug, "The site {Site} was filled with merchants and members")]
    partial void Seeded(string site);
}
