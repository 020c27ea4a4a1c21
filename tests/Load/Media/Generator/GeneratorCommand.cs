using System.Globalization;
using System.Net;
using System.Text.Json;

namespace OrleansCallback.Load.Media.Generator;

/// <summary>
/// The generator's own process: <c>media-phones COUNT talk|listen</c>. It says the phones' addresses in one line. On standard input
/// <c>phone N ADDRESS</c> tells a phone where to send to; <c>run SECONDS</c> is answered with one JSON object; the end of input ends it.
/// </summary>
public static class GeneratorCommand
{
    public static int Run(string[] args)
    {
        using var bank = new PhoneBank(int.Parse(args[0], CultureInfo.InvariantCulture), args[1] == "talk");
        Console.WriteLine(string.Join(' ', Enumerable.Range(0, bank.Count).Select(bank.EndPointOf)));
        new Thread(bank.Run) { IsBackground = true, Name = "phones", Priority = ThreadPriority.AboveNormal }.Start();
        while (Console.ReadLine() is { } command) Do(bank, command.Split(' '), talk: args[1] == "talk");
        return 0;
    }

    static void Do(PhoneBank bank, string[] command, bool talk)
    {
        switch (command)
        {
            case ["phone", var number, var relay]:
                bank.Post(() => bank.Add(int.Parse(number, CultureInfo.InvariantCulture), IPEndPoint.Parse(relay)));
                break;
            case ["run", var length]:
                var seconds = int.Parse(length, CultureInfo.InvariantCulture);
                bank.Post(() => _ = talk ? new TalkVerdict(bank, seconds, Tell) : (IVerdict)new HoldVerdict(bank, seconds, Tell));
                break;
        }
    }

    static void Tell(GeneratorResult result) => Console.WriteLine(JsonSerializer.Serialize(result));
}
