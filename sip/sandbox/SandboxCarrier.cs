using System.Net;
using System.Net.Sockets;
using OrleansCallback.Sip.Net;
using OrleansCallback.Sip.Net.Media;

namespace OrleansCallback.Sip.Sandbox;

/// <summary>A carrier with scripted phones behind a real UDP socket: whoever sends it an INVITE reaches the phone of the called number, which
/// rings, answers, speaks and hangs up as its script says (<see cref="PhoneNumberPlan"/>) and writes down what it hears. Two threads serve
/// all phones: one for signalling, one for audio and scripts.</summary>
public sealed class SandboxCarrier : IAsyncDisposable
{
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    readonly SandboxOptions options;
    readonly SandboxClock clock;
    readonly SandboxDigest? digest;
    readonly SignallingLoop signalling;
    readonly RtpLoop audio;
    readonly Dictionary<string, Phone> phones = new(StringComparer.Ordinal);
    readonly Queue<PhoneLog> logs = new();
    readonly Lock logsGate = new();
    int phonesInCall;
    bool disposed;

    /// <summary>Binds the socket and takes calls from then on.</summary>
    /// <exception cref="SocketException">The address cannot be bound.</exception>
    public SandboxCarrier(SandboxOptions? options = null)
    {
        this.options = options ??= new SandboxOptions();
        clock = new SandboxClock(options.Clock);
        digest = options.Credentials is { } credentials ? new SandboxDigest(credentials, options.Sha256) : null;
        audio = new RtpLoop("sandbox phones", options.Clock);
        var settings = new SignallingOptions(options.Bind)
        {
            Clock = options.Clock,
            Agent = sentBy => new UserAgentOptions(sentBy) { AcceptsCalls = true, Product = "OrleansCallback sandbox" },
        };
        signalling = new SignallingLoop(settings, OnEvent);
        signalling.Start();
    }

    /// <summary>Where INVITEs go: the target of a trunk.</summary>
    public IPEndPoint EndPoint => signalling.LocalEndPoint;

    /// <summary>Which phone behaves how.</summary>
    public PhoneNumberPlan Numbers { get; } = new();

    /// <summary>Phones that are in a call now, ringing ones included.</summary>
    public int PhonesInCall => Volatile.Read(ref phonesInCall);

    /// <summary>The calls of all phones as they stand now, oldest first; the latest <see cref="SandboxOptions.MaxRecords"/>.</summary>
    public IReadOnlyList<PhoneRecord> Records
    {
        get
        {
            lock (logsGate) return [.. logs.Select(log => log.Read())];
        }
    }

    /// <summary>Waits for a call of some phone to come to a point, for example "acknowledged" or "50 packets heard".</summary>
    /// <param name="reached">Looked at every 10 ms for each record.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<PhoneRecord> WhenAsync(Func<PhoneRecord, bool> reached, CancellationToken cancellation)
    {
        while (true)
        {
            if (Records.FirstOrDefault(reached) is { } record) return record;
            await Task.Delay(Look, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Lets every phone of a number that is in a call hang up: BYE, or a refusal while it rings.</summary>
    public void HangUp(string number)
    {
        var digits = PhoneNumberPlan.Digits(number);
        audio.Post(() =>
        {
            foreach (var phone in phones.Values.Where(phone => phone.Number == digits)) phone.HangUp();
        });
    }

    /// <summary>Closes everything. Calls that are up are not ended, as when a carrier fails.</summary>
    public ValueTask DisposeAsync()
    {
        if (disposed) return ValueTask.CompletedTask;
        disposed = true;
        signalling.Dispose();
        audio.Dispose();
        foreach (var phone in phones.Values) phone.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>On the signalling thread.</summary>
    void OnEvent(CallEvent happened)
    {
        var at = clock.Now;
        if (happened is IncomingCall call) OnInvite(call, at);
        else audio.Post(() => Pass(happened, at));
    }

    void OnInvite(IncomingCall call, TimeSpan at)
    {
        if (digest is not null && !digest.IsProven(call.Request))
        {
            signalling.TryReject(call.CallKey, 407, new HeaderLine(HeaderId.ProxyAuthenticate, digest.Challenge(call.Request)));
            return;
        }

        var number = SipUri.TryParse(call.Request.RequestUri, out var uri) ? PhoneNumberPlan.Digits(uri.User) : "";
        var socket = PhonesInCall < options.MaxPhones && number.Length is > 0 and <= 15 ? RtpSocket.TryBind(options.Bind.Address, 0) : null;
        if (socket is null)
        {
            signalling.TryReject(call.CallKey, number.Length is > 0 and <= 15 ? 503 : 404);
            return;
        }

        var log = new PhoneLog(call, number, clock, at);
        Keep(log);
        Interlocked.Increment(ref phonesInCall);
        var phone = new Phone(call, number, Numbers.For(number), log, signalling, audio, clock, socket);
        audio.Post(() =>
        {
            phones.Add(call.CallKey, phone);
            phone.Begin(at);
        });
    }

    /// <summary>On the audio loop: what happened to a phone's call after its INVITE.</summary>
    void Pass(CallEvent happened, TimeSpan at)
    {
        if (!phones.TryGetValue(happened.CallKey, out var phone)) return; // a call that was refused before it had a phone
        if (happened is Confirmed confirmed) phone.OnConfirmed(confirmed, at);
        else if (happened is MediaChanged changed) phone.OnMediaChanged(changed);
        if (happened is not TerminalEvent end) return;
        phone.Log.Ended(EndOf(end), CodeOf(end, phone), at);
        phone.Leave();
        phones.Remove(happened.CallKey);
        Interlocked.Decrement(ref phonesInCall);
    }

    void Keep(PhoneLog log)
    {
        lock (logsGate)
        {
            if (logs.Count >= options.MaxRecords) logs.Dequeue();
            logs.Enqueue(log);
        }
    }

    static int CodeOf(TerminalEvent end, Phone phone) => end switch
    {
        Canceled => 487,
        Ended { Cause: EndCause.RingingLimit } => 480, // what the user agent answers by itself
        _ => phone.RejectedWith,
    };

    static PhoneEnd EndOf(TerminalEvent end) => end switch
    {
        RemoteHungUp => PhoneEnd.CallerHungUp,
        Canceled => PhoneEnd.CallerCanceled,
        Ended { Cause: EndCause.HungUp } => PhoneEnd.PhoneHungUp,
        Ended { Cause: EndCause.Rejected } => PhoneEnd.PhoneRejected,
        _ => PhoneEnd.Failed,
    };
}
