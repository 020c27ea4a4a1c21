using System.Net;
using System.Text.Json;
using OrleansCallback.Sip.Net.Media;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.MediaRelay;

/// <summary>What the measuring process asks for, one line each.</summary>
sealed class Commands(MediaPlane plane)
{
    static readonly TimeSpan Ample = TimeSpan.FromHours(10);

    /// <summary>Does a command and returns the answer's line.</summary>
    public string Do(string[] command) => command switch
    {
        ["call", var a, var b] => Call(IPEndPoint.Parse(a), IPEndPoint.Parse(b)),
        ["hold", var phone] => Hold(IPEndPoint.Parse(phone)),
        ["account"] => Account(),
        _ => throw new ArgumentException($"{string.Join(' ', command)} is no command."),
    };

    /// <summary>Two legs, bridged; where each phone is to send to.</summary>
    string Call(IPEndPoint phoneA, IPEndPoint phoneB)
    {
        var a = Open(phoneA, null);
        var b = Open(phoneB, a);
        a.Bridge(b);
        return $"{a.LocalEndPoint} {b.LocalEndPoint}";
    }

    /// <summary>A leg that hears hold audio.</summary>
    string Hold(IPEndPoint phone)
    {
        var leg = Open(phone, null);
        leg.Hold();
        return $"{leg.LocalEndPoint}";
    }

    /// <summary>What was allocated so far, after the garbage of setting up is gone, so that resident memory is what legs need.</summary>
    static string Account()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return JsonSerializer.Serialize(new { Allocated = GC.GetTotalAllocatedBytes(precise: true) });
    }

    MediaLeg Open(IPEndPoint phone, MediaLeg? near)
    {
        var opening = plane.Open(new MediaLegOptions { Near = near, Ports = MediaPorts.Shared, Trunk = "load" });
        if (!opening.IsOpen) throw new InvalidOperationException($"No port is left after {plane.OpenLegs} legs.");
        opening.Leg.SetRemote(new MediaRemote(phone, MediaFormat.Pcma));
        opening.Leg.SetGrant(Ample);
        opening.Leg.StartClock();
        return opening.Leg;
    }
}
