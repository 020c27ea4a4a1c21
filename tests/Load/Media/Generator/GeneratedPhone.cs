using System.Net;

namespace OrleansCallback.Load.Media.Generator;

/// <summary>One phone: where it sends, and what it has heard in the run.</summary>
/// <param name="address">Its IPv4 address in host byte order.</param>
/// <param name="relay">Where it sends to.</param>
sealed class GeneratedPhone(uint address, IPEndPoint relay)
{
    ulong[] heard = [];
    int first;

    public uint Address => address;

    public IPEndPoint Relay => relay;

    /// <summary>The sequence number and the frame of the last packet of hold audio.</summary>
    public (ushort Sequence, int Frame)? LastHold { get; set; }

    /// <summary>Forgets what was heard; from here on the frames from <paramref name="firstFrame"/> on count.</summary>
    public void Begin(int firstFrame, int frames)
    {
        first = firstFrame;
        heard = new ulong[(frames + 63) / 64];
        LastHold = null;
    }

    /// <summary>Notes a frame of the run; false if it has come before.</summary>
    public bool Note(int frame)
    {
        ref var word = ref heard[(frame - first) / 64];
        var bit = 1UL << ((frame - first) % 64);
        var isNew = (word & bit) == 0;
        word |= bit;
        return isNew;
    }
}
