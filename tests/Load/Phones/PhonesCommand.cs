using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace OrleansCallback.Load.Phones;

/// <summary>
/// The phones' own process: <c>phones MEMBER-ADDRESS MERCHANT-ADDRESS RING-MS TALK-MS</c>. On standard input <c>live</c> is answered with a
/// line, <c>records</c> with one JSON object per call and an empty line; <c>hang-up</c> makes the merchants hang up; the end of input ends it.
/// </summary>
public static class PhonesCommand
{
    const int Slots = 4; // a quarter of the phones every 5 ms, each phone every 20
    static readonly TimeSpan SlotTime = TimeSpan.FromMilliseconds(5);

    public static int Run(string[] args)
    {
        if (args.Length != 4) return 2;
        var ring = TimeSpan.FromMilliseconds(double.Parse(args[2], CultureInfo.InvariantCulture));
        var talk = TimeSpan.FromMilliseconds(double.Parse(args[3], CultureInfo.InvariantCulture));
        using var members = new PhoneTrunk(IPEndPoint.Parse(args[0]), isMember: true, ring, talk: null);
        using var merchants = new PhoneTrunk(IPEndPoint.Parse(args[1]), isMember: false, ring, talk);
        PhoneTrunk[] trunks = [members, merchants];
        new Thread(() => Play(trunks)) { IsBackground = true, Name = "audio", Priority = ThreadPriority.AboveNormal }.Start();
        Console.WriteLine("ready");
        while (Console.ReadLine() is { } command) Answer(command, trunks);
        return 0;
    }

    static void Answer(string command, PhoneTrunk[] trunks)
    {
        if (command == "live") Console.WriteLine(trunks.Sum(t => t.Live));
        if (command == "hang-up")
            foreach (var trunk in trunks)
                trunk.HangUp();
        if (command != "records") return;
        foreach (var record in trunks.SelectMany(t => t.Records)) Console.WriteLine(JsonSerializer.Serialize(record));
        Console.WriteLine();
    }

    static void Play(PhoneTrunk[] trunks)
    {
        var since = Stopwatch.StartNew();
        for (long turn = 0; ; turn++)
        {
            foreach (var trunk in trunks) trunk.Turn((int)(turn % Slots), Slots);
            var due = SlotTime * (turn + 1) - since.Elapsed;
            if (due > TimeSpan.Zero) Thread.Sleep(due);
        }
    }
}
