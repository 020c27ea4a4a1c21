using System.Globalization;

namespace OrleansCallback.Web.Demo;

/// <summary>What the demo prints.</summary>
public static class DemoReport
{
    /// <summary>Prints the timeline, the packets, the charge and the ledger's rows.</summary>
    public static void Print(DemoOptions options, DemoCall call, DemoPhones? phones, LedgerBooks books)
    {
        Console.WriteLine($"Callback {call.Id}: member {options.Member}, merchant {options.Merchant}, {options.Talk.TotalSeconds:0.#} s of talk");
        Timeline(call, phones);
        Packets(phones);
        Console.WriteLine();
        Console.WriteLine($"Charge: {Amount(call.Final?.ChargeMicros)} told by the last event, {Amount(books.CdrCharge)} in the CDR");
        Console.WriteLine();
        Console.WriteLine("Ledger rows of the callback (SQL):");
        foreach (var row in books.Rows)
            Console.WriteLine($"  {row}");
        Console.WriteLine();
    }

    static void Timeline(DemoCall call, DemoPhones? phones)
    {
        Console.WriteLine();
        Console.WriteLine("    ms  since the click");
        foreach (var step in call.Steps.Concat(phones?.Steps ?? []).OrderBy(step => step.At))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(step.At - call.Clicked).TotalMilliseconds,6:0}  {step.Who,-8} {step.What}"));
    }

    static void Packets(DemoPhones? phones)
    {
        if (phones is not { A: { } a, B: { } b })
            return;
        Console.WriteLine();
        Console.WriteLine("RTP packets by the phones' own records:");
        Console.WriteLine($"  A heard {a.Heard.HoldPackets} of hold audio and {a.Heard.PacketsFrom(b.Number)} of B ({a.Heard.Missing} missing), and sent {a.PacketsSent}");
        Console.WriteLine($"  B heard {b.Heard.PacketsFrom(a.Number)} of A ({b.Heard.Missing} missing), and sent {b.PacketsSent}");
    }

    static string Amount(long? micros) => micros is { } amount ? new Money(amount).ToString() : "nothing";
}
