using System.Globalization;
using System.Net;
using OrleansCallback.MediaRelay;
using OrleansCallback.Sip.Net.Media;
using OrleansCallback.Sip.Rtp;

// The product's media plane alone in a process, for tests/Load to measure: FIRST-PORT LAST-PORT HOLD-AUDIO-FILE.
if (!AudioFile.TryRead(File.ReadAllBytes(args[2]), args[2], out var audio, out var error)) throw new InvalidOperationException(error);
await using var plane = new MediaPlane(new MediaPlaneOptions
{
    Addresses = [new(IPAddress.Loopback)],
    FirstPort = int.Parse(args[0], CultureInfo.InvariantCulture),
    LastPort = int.Parse(args[1], CultureInfo.InvariantCulture),
    HoldAudio = new HoldAudio(audio),
});
Console.WriteLine($"ready {plane.Backend}");
var commands = new Commands(plane);
while (Console.ReadLine() is { } command) Console.WriteLine(commands.Do(command.Split(' ')));
