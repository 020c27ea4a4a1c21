namespace OrleansCallback.Tests.Calls;

/// <summary>Scenarios that start processes of their own and end some of them: one after the other, so that they do not starve each other.</summary>
[CollectionDefinition(Name)]
public sealed class FaultScenarios
{
    /// <summary>The collection's name.</summary>
    public const string Name = "scenarios with faults";
}
