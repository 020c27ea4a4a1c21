using OrleansCallback.Sip.Net.Media;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Sip.Sandbox;

/// <summary>A key that a phone presses.</summary>
/// <param name="Key">0 to 9, *, #, A to D.</param>
/// <param name="After">From the phone's answer.</param>
public sealed record KeyPress(char Key, TimeSpan After);

/// <summary>The keys of one phone on their way: seven packets of telephone-event each (RFC 4733), in place of what it says meanwhile.</summary>
sealed class PressedKeys(IReadOnlyList<KeyPress> keys)
{
    int next;
    TelephoneEventSender? sender;
    uint start;

    /// <summary>A key is held down.</summary>
    public bool IsPressing => sender is not null;

    /// <summary>When the next key is pressed; never if there is none or one is held down.</summary>
    public TimeSpan Due(TimeSpan answeredAt) => sender is null && next < keys.Count ? answeredAt + keys[next].After : RtpSocket.Never;

    public void Begin(uint timestamp, int samples)
    {
        var known = TelephoneEvent.TryCodeOf(keys[next++].Key, out var code);
        (sender, start) = (known ? new TelephoneEventSender(code, samples) : null, timestamp);
    }

    /// <summary>Writes the next packet and says how long it is.</summary>
    public int Write(Span<byte> packet, byte payloadType, ushort sequence, uint ssrc)
    {
        new RtpHeader(payloadType, sender!.IsFirst, sequence, start, ssrc).Write(packet);
        sender.Next().Write(packet[RtpHeader.Size..]);
        if (sender.IsOver) sender = null;
        return RtpHeader.Size + TelephoneEvent.Size;
    }
}
