namespace OrleansCallback.Tests.Web.Embedded;

[CollectionDefinition(EmbeddedServer.Shared)]
public sealed class SharedEmbeddedServer : ICollectionFixture<EmbeddedServer>;
