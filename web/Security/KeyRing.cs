using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using OrleansCallback.Sites;

namespace OrleansCallback.Web.Security;

/// <summary>Keeps the data-protection keys in the cluster, so that every web node reads every node's tickets.</summary>
public sealed class KeyRing(IGrainFactory grains) : IXmlRepository
{
    const string Key = "keys-web";

    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public IReadOnlyCollection<XElement> GetAllElements() => [.. Wait(grain => grain.All()).Select(XElement.Parse)];

    /// <inheritdoc/>
    public void StoreElement(XElement element, string friendlyName) =>
        Wait(async grain =>
        {
            await grain.Add(friendlyName, element.ToString(SaveOptions.DisableFormatting));
            return true;
        });

    /// <summary>The framework's interface is synchronous; it is asked at start and once a day, on threads of the pool.</summary>
    T Wait<T>(Func<IKeyRingGrain, Task<T>> ask) =>
        Task.Run(() => ask(grains.GetGrain<IKeyRingGrain>(Key))).WaitAsync(LongestWait).GetAwaiter().GetResult();
}
