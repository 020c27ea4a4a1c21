using System.Net;
using System.Net.Sockets;
using OrleansCallback.Sip.Net.Media;
using OrleansCallback.Sip.Rtp;
using OrleansCallback.Sip.Srtp;

namespace OrleansCallback.Tests.Media;

/// <summary>A party on loopback: sends frames filled with its mark, and says what it hears.</summary>
sealed class TestPhone(byte mark, IPAddress? address = null) : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    readonly UdpClient socket = new(new IPEndPoint(address ?? IPAddress.Loopback, 0));
    ushort sequence = (ushort)(1000 * mark);
    readonly SrtpSession srtp = new(new SrtpWorkspace());
    SrtpKeys? keys;
    uint time;

    public IPEndPoint Address => (IPEndPoint)socket.Client.LocalEndPoint!;

    /// <summary>What its SDP would say.</summary>
    public MediaRemote Remote(MediaFormat? format = null) =>
        new(Address, format ?? MediaFormat.Pcmu) { Srtp = keys is null ? null : new SrtpKeys(keys.Remote, keys.Local) };

    /// <summary>From now on it sends under a new key and expects what it hears under one that stays, until another suite is chosen.</summary>
    public void Encrypt(SrtpSuite suite)
    {
        keys = new(SrtpMasterKey.Generate(suite), keys?.Remote.Suite == suite ? keys.Remote : SrtpMasterKey.Generate(suite));
        srtp.Change(keys);
    }

    public Task SendAsync(MediaLeg to, byte payloadType = 0) => SendAsync(to.LocalEndPoint, payloadType);

    public async Task SendAsync(IPEndPoint to, byte payloadType = 0)
    {
        await socket.SendAsync(Frame(payloadType), to);
    }

    /// <summary>Its next frame as it would send it.</summary>
    public byte[] Frame(byte payloadType = 0)
    {
        var datagram = new byte[RtpHeader.Size + 160];
        new RtpHeader(payloadType, false, ++sequence, (uint)(sequence * 160), mark).Write(datagram);
        datagram.AsSpan(RtpHeader.Size).Fill(mark);
        Assert.True(srtp.TryProtect(datagram, out var sent));
        return sent.ToArray();
    }

    /// <summary>Sends any bytes.</summary>
    public async Task SendAsync(MediaLeg to, byte[] datagram) => await socket.SendAsync(datagram, to.LocalEndPoint);

    /// <summary>Presses a key for as long as it takes to send its seven packets, or the first of them.</summary>
    public async Task PressAsync(MediaLeg to, byte code, byte payloadType, int packets = 7)
    {
        var key = new TelephoneEventSender(code, 160);
        time += 8_000;
        for (var n = 0; n < packets; n++)
        {
            var datagram = new byte[RtpHeader.Size + TelephoneEvent.Size];
            new RtpHeader(payloadType, key.IsFirst, ++sequence, time, mark).Write(datagram);
            key.Next().Write(datagram.AsSpan(RtpHeader.Size));
            await socket.SendAsync(datagram, to.LocalEndPoint);
        }
    }

    public async Task<(RtpHeader Header, byte First)> HearAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        var datagram = (await socket.ReceiveAsync(limit.Token)).Buffer;
        Assert.Equal(SrtpResult.Accepted, srtp.Unprotect(datagram, out var length));
        Array.Resize(ref datagram, length);
        Assert.True(RtpPacket.TryParse(datagram, out var packet));
        return (packet.Header, datagram[packet.PayloadStart]);
    }

    /// <summary>Hears frames of one mark that follow each other, and returns the first one's header.</summary>
    public async Task<RtpHeader> HearAsync(byte expected, int count)
    {
        var (first, heard) = await HearAsync();
        Assert.Equal(expected, heard);
        for (var i = 1; i < count; i++)
        {
            var (header, mark) = await HearAsync();
            Assert.Equal((expected, (ushort)(first.Sequence + i), first.Ssrc), (mark, header.Sequence, header.Ssrc));
        }

        return first;
    }

    /// <summary>How many packets are heard until none has come for the given time.</summary>
    public async Task<int> HearToTheEndAsync(TimeSpan silence)
    {
        for (var count = 0; ; count++)
        {
            using var limit = new CancellationTokenSource(silence);
            try
            {
                await socket.ReceiveAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                return count;
            }
        }
    }

    /// <summary>Nothing has come so far.</summary>
    public bool HasHeardNothing => socket.Available == 0;

    public void Dispose()
    {
        socket.Dispose();
        srtp.Dispose();
    }
}
