using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using OrleansCallback.Load.Phones;

namespace OrleansCallback.Load.Media.Generator;

/// <summary>
/// The phones of a run on one thread. Phone 2n and phone 2n + 1 are the two of call n. Each talks from the moment it knows the relay's address,
/// every 20 ms, all spread evenly over these; or, if they are to listen, says one frame so that the relay knows where it is.
/// </summary>
sealed class PhoneBank : IDisposable
{
    /// <summary>Frames a second of one phone.</summary>
    public const int FramesPerSecond = 50;

    const uint FirstAddress = 0x7F40_0001; // 127.64.0.1
    const int Sockets = 8;
    const int RememberedFrames = 512;
    static readonly TimeSpan Nap = TimeSpan.FromMicroseconds(20); // many phones do not send in bursts

    readonly GeneratorSocket[] sockets;
    readonly GeneratedPhone?[] phones;
    readonly long[] sentAt;
    readonly bool talks;
    readonly ConcurrentQueue<Action> commands = new();
    readonly long started = Stopwatch.GetTimestamp();
    IVerdict? verdict;
    long turn;
    int endFrame = int.MaxValue;
    volatile bool stopped;

    /// <summary>Opens the sockets.</summary>
    /// <param name="count">Phones.</param>
    /// <param name="talks">Whether they talk all the time.</param>
    public PhoneBank(int count, bool talks)
    {
        this.talks = talks;
        sockets = [.. Enumerable.Range(0, Sockets).Select(_ => new GeneratorSocket(0))];
        phones = new GeneratedPhone?[count];
        sentAt = new long[(long)count * RememberedFrames];
    }

    public int Count => phones.Length;

    /// <summary>Frames that the kernel did not take.</summary>
    public int Unsent { get; private set; }

    /// <summary>The frame that is being sent now.</summary>
    public int Frame => (int)(turn / phones.Length);

    public IEnumerable<GeneratedPhone> Phones => phones.OfType<GeneratedPhone>();

    /// <summary>The address of a phone.</summary>
    public IPEndPoint EndPointOf(int phone)
    {
        var address = FirstAddress + (uint)phone;
        return new(new IPAddress([(byte)(address >> 24), (byte)(address >> 16), (byte)(address >> 8), (byte)address]), sockets[phone % Sockets].Port);
    }

    /// <summary>Runs an action on the bank's thread.</summary>
    public void Post(Action action) => commands.Enqueue(action);

    /// <summary>A phone learns where to send to.</summary>
    public void Add(int phone, IPEndPoint relay)
    {
        var added = phones[phone] = new(FirstAddress + (uint)phone, relay);
        if (!talks) Say(phone, added, 0);
    }

    /// <summary>From now on what is heard goes to a verdict. Nobody talks from <paramref name="end"/> on.</summary>
    public void Begin(IVerdict next, int end) => (verdict, endFrame) = (next, end);

    /// <summary>When a frame of a phone was sent, in ticks of UTC.</summary>
    public long SentAt(int phone, int frame) => sentAt[((long)frame * phones.Length + phone) % sentAt.Length];

    /// <summary>Datagrams that the kernel dropped since there was no room at the phones' sockets: the phones were too slow, not the relay.</summary>
    public long Deaf()
    {
        var ports = sockets.Select(s => s.Port).ToHashSet();
        return File.ReadLines("/proc/net/udp").Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => ports.Contains(Convert.ToInt32(fields[1].Split(':')[1], 16))).Sum(fields => long.Parse(fields[^1], null));
    }

    /// <summary>Plays and listens until <see cref="Dispose"/>.</summary>
    public void Run()
    {
        PacketHeard hear = Hear;
        Kernel.WakeInTime();
        while (!stopped)
        {
            while (commands.TryDequeue(out var command)) command();
            if (talks) Talk();
            foreach (var socket in sockets)
            {
                Unsent += socket.Flush();
                socket.Receive(hear);
            }

            if (verdict?.IsOver == true) verdict = null;
            Kernel.Sleep(Nap);
        }

        foreach (var socket in sockets) socket.Dispose();
    }

    public void Dispose() => stopped = true;

    void Talk()
    {
        var due = (Stopwatch.GetTimestamp() - started) * FramesPerSecond / (double)Stopwatch.Frequency * phones.Length;
        for (; turn <= due; turn++)
        {
            var (phone, frame) = ((int)(turn % phones.Length), Frame);
            if (phones[phone] is { } found && frame < endFrame) Say(phone, found, frame);
        }
    }

    void Say(int phone, GeneratedPhone found, int frame)
    {
        MarkedFrame.Write(sockets[phone % Sockets].Queue(found.Address, found.Relay, MarkedFrame.Length), (uint)phone, frame);
        sentAt[((long)frame * phones.Length + phone) % sentAt.Length] = DateTime.UtcNow.Ticks;
    }

    void Hear(uint to, ReadOnlySpan<byte> packet, long at)
    {
        var phone = to - FirstAddress;
        if (verdict is not null && phone < phones.Length && phones[phone] is { } found) verdict.Hear((int)phone, found, packet, at);
    }
}
