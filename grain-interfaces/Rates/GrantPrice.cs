namespace OrleansCallback.Rates;

/// <summary>All rates that the legs of a call may come to: what a hold must cover the worst of.</summary>
/// <param name="LegA">Rates of the trunks that may carry leg A.</param>
/// <param name="LegB">Rates of the trunks that may carry leg B.</param>
[GenerateSerializer, Immutable, Alias("GrantPrice")]
public sealed record GrantPrice(
    [property: Id(0)] IReadOnlyList<Rate> LegA,
    [property: Id(1)] IReadOnlyList<Rate> LegB);
