using System.Runtime.InteropServices;

namespace OrleansCallback.Load.Media.Generator;

/// <summary>The system calls of the generator. It shares no code with the product, hence its own declarations (64-bit Linux).</summary>
static unsafe partial class Kernel
{
    public const int DontWait = 0x40;
    public const int Truncated = 0x20;
    const int SetTimerSlack = 29;
    public const int SolIp = 0, IpPacketInfo = 8;
    public const int SolSocket = 1, ReceiveBuffer = 8, ReceiveBufferForce = 33, TimestampNs = 35;

    [StructLayout(LayoutKind.Sequential)]
    public struct Vector
    {
        public byte* Base;
        public nuint Length;
    }

    /// <summary>struct mmsghdr.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 64)]
    public struct Message
    {
        [FieldOffset(0)] public byte* Name;
        [FieldOffset(8)] public uint NameLength;
        [FieldOffset(16)] public Vector* Vectors;
        [FieldOffset(24)] public nuint VectorCount;
        [FieldOffset(32)] public byte* Control;
        [FieldOffset(40)] public nuint ControlLength;
        [FieldOffset(48)] public int Flags;
        [FieldOffset(56)] public uint Length;
    }

    /// <summary>struct cmsghdr and behind it struct in_pktinfo (ip(7)).</summary>
    [StructLayout(LayoutKind.Explicit, Size = Space)]
    public struct PacketInfo
    {
        public const int Bytes = 28, Space = 32; // CMSG_LEN and CMSG_SPACE

        [FieldOffset(0)] public nuint Length;
        [FieldOffset(8)] public int Level;
        [FieldOffset(12)] public int Type;
        [FieldOffset(20)] public uint Source;
    }

    [StructLayout(LayoutKind.Sequential)]
    struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [LibraryImport("libc")]
    public static partial int sendmmsg(int descriptor, Message* messages, uint count, int flags);

    [LibraryImport("libc")]
    public static partial int recvmmsg(int descriptor, Message* messages, uint count, int flags, void* timeout);

    /// <summary>Makes the calling thread wake when it wants to and not up to 50 µs later (prctl(2)).</summary>
    public static void WakeInTime() => _ = prctl(SetTimerSlack, 1, 0, 0, 0);

    /// <summary>Sleeps for about so long; shorter than what a managed thread can.</summary>
    public static void Sleep(TimeSpan time)
    {
        var wanted = new Time { Nanoseconds = time.Ticks * 100 };
        _ = nanosleep(&wanted, null);
    }

    [LibraryImport("libc")]
    private static partial int prctl(int option, nuint value, nuint unused3, nuint unused4, nuint unused5);

    [LibraryImport("libc")]
    private static partial int nanosleep(Time* wanted, Time* left);
}
