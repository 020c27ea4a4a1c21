using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansCallback.Load.Phones;

/// <summary>A carrier's end of a trunk: one signalling socket and a phone per call behind it.</summary>
public sealed class PhoneTrunk : IDisposable
{
    static uint marks = 0x5A000000;

    readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    readonly ConcurrentDictionary<string, LightPhone> calls = new(StringComparer.Ordinal);
    readonly ConcurrentQueue<PhoneRecord> records = new();

    public PhoneTrunk(IPEndPoint address, bool isMember, TimeSpan ring, TimeSpan? talk)
    {
        const int buffer = 4 << 20;
        (Address, IsMember) = (address, isMember);
        Ring = Ticks(ring);
        Talk = talk is { } limit ? Ticks(limit) : null;
        socket.ReceiveBufferSize = buffer;
        socket.Bind(address);
        new Thread(Listen) { IsBackground = true, Name = $"signalling {address}" }.Start();
    }

    public IPEndPoint Address { get; }

    /// <summary>Whether leg A comes here.</summary>
    public bool IsMember { get; }

    /// <summary>Stopwatch ticks from INVITE to 200.</summary>
    public long Ring { get; }

    /// <summary>Stopwatch ticks from ACK to the own BYE; null: waits for the other side's.</summary>
    public long? Talk { get; private set; }

    /// <summary>Calls at this moment.</summary>
    public int Live => calls.Count;

    /// <summary>What the phones saw, of ended calls and of those still up.</summary>
    public IEnumerable<PhoneRecord> Records => records;

    /// <summary>One turn of the phones in a slot.</summary>
    public void Turn(int slot, int slots)
    {
        var now = Stopwatch.GetTimestamp();
        foreach (var (callId, phone) in calls)
        {
            if (phone.Record.Mark % slots != slot) continue;
            lock (phone)
            {
                phone.Tick(now);
                phone.Exchange();
                if (!phone.IsOver) continue;
                calls.TryRemove(callId, out _);
                phone.Dispose();
            }
        }
    }

    /// <summary>Whoever is to hang up by itself does so at its next turn.</summary>
    public void HangUp() => Talk = Talk is null ? null : 0;

    public void Send(byte[] message, EndPoint to) => socket.SendTo(message, to);

    public void Dispose() => socket.Dispose();

    void Listen()
    {
        var buffer = new byte[8192];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        while (true)
        {
            try
            {
                var length = socket.ReceiveFrom(buffer, ref from);
                On(new SipText(Encoding.UTF8.GetString(buffer, 0, length)), from);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
            {
                // ICMP of a silo that is gone.
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    void On(SipText message, EndPoint from)
    {
        if (calls.TryGetValue(message.CallId, out var phone))
        {
            lock (phone) phone.On(message);
        }
        else if (message.Method == "INVITE")
        {
            phone = new LightPhone(message, this, from, Interlocked.Increment(ref marks));
            records.Enqueue(phone.Record);
            calls[message.CallId] = phone;
        }
        else if (message.Method is not (null or "ACK"))
        {
            Send(Encoding.ASCII.GetBytes(message.Response(message.Method == "OPTIONS" ? "200 OK" : "481 Call/Transaction Does Not Exist", "none")), from);
        }
    }

    static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}
