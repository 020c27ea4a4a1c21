using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansCallback.Tests.Sip;

/// <summary>A name server of the tests' own on UDP: answers what it was told, "no such name" to all else, and counts what it was asked.</summary>
sealed class TestDns : IAsyncDisposable
{
    enum Kind
    {
        A = 1,
        Aaaa = 28,
        Srv = 33,
        Naptr = 35,
    }

    readonly UdpClient socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    readonly ConcurrentDictionary<(string Name, Kind Kind), List<(uint Life, byte[] Data)>> records = new();
    readonly ConcurrentQueue<string> asked = new();
    readonly Task serving;

    public TestDns() => serving = ServeAsync();

    public IPEndPoint Address => (IPEndPoint)socket.Client.LocalEndPoint!;

    /// <summary>Questions so far, as "SRV _sip._udp.example.test".</summary>
    public IReadOnlyCollection<string> Asked => asked;

    public TestDns Host(string name, string address, uint life = 60)
    {
        var number = IPAddress.Parse(address);
        return Add(name, number.AddressFamily == AddressFamily.InterNetwork ? Kind.A : Kind.Aaaa, life, number.GetAddressBytes());
    }

    public TestDns Service(string name, int priority, int weight, int port, string target, uint life = 60) =>
        Add(name, Kind.Srv, life, [.. Number(priority), .. Number(weight), .. Number(port), .. Name(target)]);

    public TestDns Naptr(string name, int order, int preference, string service, string replacement, uint life = 60) =>
        Add(name, Kind.Naptr, life, [.. Number(order), .. Number(preference), .. Text("s"), .. Text(service), .. Text(""), .. Name(replacement)]);

    public async ValueTask DisposeAsync()
    {
        socket.Dispose();
        await serving;
    }

    TestDns Add(string name, Kind kind, uint life, byte[] data)
    {
        records.GetOrAdd((name, kind), _ => []).Add((life, data));
        return this;
    }

    async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var question = await socket.ReceiveAsync();
                await socket.SendAsync(Answer(question.Buffer), question.RemoteEndPoint);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    byte[] Answer(byte[] question)
    {
        var (name, end) = ReadName(question, 12);
        var kind = (Kind)BinaryPrimitives.ReadUInt16BigEndian(question.AsSpan(end));
        asked.Enqueue($"{kind.ToString().ToUpperInvariant()} {name}");
        var found = records.GetValueOrDefault((name, kind)) ?? [];
        var known = records.Keys.Any(k => k.Name == name);
        const int Response = 0x8180, NoSuchName = 3;
        List<byte> answer = [.. question[..2], .. Number(Response | (known ? 0 : NoSuchName)), .. Number(1), .. Number(found.Count), .. Number(0), .. Number(0)];
        answer.AddRange(question[12..(end + 4)]);
        foreach (var (life, data) in found)
        {
            var time = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(time, life);
            answer.AddRange([0xC0, 12, .. Number((int)kind), .. Number(1), .. time, .. Number(data.Length), .. data]);
        }
        return [.. answer];
    }

    static (string Name, int End) ReadName(byte[] message, int at)
    {
        var labels = new List<string>();
        while (message[at] != 0)
        {
            labels.Add(Encoding.ASCII.GetString(message, at + 1, message[at]));
            at += message[at] + 1;
        }
        return (string.Join('.', labels).ToLowerInvariant(), at + 1);
    }

    static byte[] Name(string name) => [.. name.Split('.').SelectMany(Text), 0];

    static byte[] Text(string text) => [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)];

    static byte[] Number(int number) => [(byte)(number >> 8), (byte)number];
}
