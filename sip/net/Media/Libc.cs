using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace OrleansCallback.Sip.Net.Media;

/// <summary>The system calls of the packet path on Linux, blittable so that a call costs no more than from C. Structures are those of
/// 64-bit Linux (x86-64 packs epoll_event, other machines align it: see <see cref="EpollPacketIo"/>).</summary>
static unsafe partial class Libc
{
    public const int EpollCtlAdd = 1;
    public const int EpollCtlDel = 2;
    public const uint EpollIn = 1;
    public const int MsgDontWait = 0x40;
    public const int MsgTrunc = 0x20;
    public const ushort AfUnspec = 0;
    public const ushort AfInet = 2;
    public const ushort AfInet6 = 10;

    [StructLayout(LayoutKind.Sequential)]
    public struct IoVector
    {
        public byte* Base;
        public nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct MessageHeader
    {
        public byte* Name;
        public uint NameLength;
        public IoVector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Message
    {
        public MessageHeader Header;
        public uint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [LibraryImport("libc")]
    public static partial int epoll_create1(int flags);

    [LibraryImport("libc")]
    public static partial int epoll_ctl(int epoll, int operation, int descriptor, byte* epollEvent);

    [LibraryImport("libc")]
    public static partial int epoll_wait(int epoll, byte* events, int most, int milliseconds);

    [LibraryImport("libc")]
    public static partial int recvmmsg(int descriptor, Message* messages, uint count, int flags, void* timeout);

    [LibraryImport("libc")]
    public static partial int sendmmsg(int descriptor, Message* messages, uint count, int flags);

    [LibraryImport("libc")]
    public static partial int nanosleep(Time* wanted, Time* left);

    [LibraryImport("libc")]
    public static partial int connect(int descriptor, byte* address, uint addressLength);

    [LibraryImport("libc")]
    public static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc")]
    public static partial nint read(int descriptor, void* buffer, nuint count);

    [LibraryImport("libc")]
    public static partial nint write(int descriptor, void* buffer, nuint count);

    [LibraryImport("libc")]
    public static partial int close(int descriptor);
}
