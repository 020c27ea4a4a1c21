namespace OrleansCallback.Sip.Net.Media;

/// <summary>What kind of port a leg gets.</summary>
public enum MediaPorts
{
    /// <summary>One for itself.</summary>
    Own,

    /// <summary>One with other legs, told apart by where their packets come from. Costs the least; a leg gets its own while its trunk has not
    /// shown that its parties have addresses of their own, see <see cref="Rtp.SharingRecord"/>, and when there is no room.</summary>
    Shared,

    /// <summary>One for itself, connected to the party's source as soon as it is known: the kernel keeps strangers off, uncounted, and a party that
    /// is gone is noticed by ICMP. (Linux; elsewhere as <see cref="Own"/>.)</summary>
    Connected,
}
