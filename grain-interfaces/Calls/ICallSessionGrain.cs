namespace OrleansCallback.Calls;

/// <summary>One callback from click to settlement. Key: <see cref="GrainKeys.Session"/>.</summary>
[Alias("ICallSessionGrain")]
public interface ICallSessionGrain : IGrainWithStringKey
{
    /// <summary>
    /// Places the callback and waits up to 2 s until the money is held or refused. A repeat of the same request gets the same answer, or the
    /// outcome known since, and never rings twice.
    /// </summary>
    [Alias("Place")]
    Task<Admission> Place(CallbackRequest request);

    /// <summary>The callback as it is now; null if none was placed under this key.</summary>
    [Alias("Get")]
    Task<CallbackView?> Get();

    /// <summary>Cancels or hangs up at the member's wish, in whatever state; null if there is no such callback. Returns within 2 s.</summary>
    [Alias("Cancel")]
    Task<CallbackView?> Cancel();

    /// <summary>
    /// The durable events with a number above <paramref name="after"/>, then those to come, until the terminal one. One subscription per
    /// callback and web node; a subscriber that falls behind by more than 64 events is ended and reads on with its last number.
    /// </summary>
    [Alias("Events")]
    IAsyncEnumerable<CallEvent> Events(long after);

    /// <summary>
    /// News of a leg from the silo that holds it, repeated by that silo until acknowledged.
    /// </summary>
    /// <param name="leg">The leg's grain key.</param>
    /// <param name="news">All news that is not acknowledged yet, in order of their numbers.</param>
    /// <returns>The highest number of this leg that is durable with the call's state: nothing up to it need be told again.</returns>
    [Alias("Report")]
    Task<long> Report(string leg, IReadOnlyList<LegNews> news);

    /// <summary>Settles the call from what is proven if its silos are gone; called by the sweeper for a hold that has expired.</summary>
    [Alias("Sweep")]
    Task Sweep();
}
