namespace OrleansCallback.Trunks;

/// <summary>One trunk of a route.</summary>
/// <param name="Trunk">The trunk's id.</param>
/// <param name="Priority">Lower ones are tried first.</param>
/// <param name="Weight">Among trunks of one priority: how often it is the first, in proportion; 0: only when no other is left.</param>
[GenerateSerializer, Immutable, Alias("RouteChoice")]
public sealed record RouteChoice([property: Id(0)] string Trunk, [property: Id(1)] int Priority = 0, [property: Id(2)] int Weight = 1);
