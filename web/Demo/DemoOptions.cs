using System.Globalization;
using System.Net;

namespace OrleansCallback.Web.Demo;

/// <summary>What the demo is to do.</summary>
/// <param name="Carrier">Another SIP carrier in the sandbox's place.</param>
/// <param name="Member">The member's number.</param>
/// <param name="Merchant">The merchant's number.</param>
/// <param name="Talk">How long the two talk before the member hangs up on the page.</param>
public sealed record DemoOptions(IPEndPoint? Carrier, PhoneNumber Member, PhoneNumber Merchant, TimeSpan Talk)
{
    /// <summary>How the command is used.</summary>
    public const string Usage = "demo [--carrier address:port] [--member number] [--merchant number] [--talk seconds]";

    const double LongestTalk = 600;

    /// <summary>The sandbox's phones answer after one second and never hang up by themselves.</summary>
    static readonly DemoOptions Default =
        new(null, PhoneNumber.FromE164("+491713920010"), PhoneNumber.FromE164("+493023125010"), TimeSpan.FromSeconds(3));

    /// <summary>Reads the command line.</summary>
    public static bool TryParse(string[] args, string region, out DemoOptions options, out string? error)
    {
        options = Default;
        error = args.Length % 2 == 0 ? null : Usage;
        for (var at = 0; error is null && at < args.Length; at += 2)
            options = options.With(args[at], args[at + 1], region, out error);
        return error is null;
    }

    DemoOptions With(string name, string value, string region, out string? error)
    {
        error = null;
        switch (name)
        {
            case "--carrier" when IPEndPoint.TryParse(value, out var carrier) && carrier.Port != 0:
                return this with { Carrier = carrier };
            case "--carrier":
                error = $"--carrier {value}: write an address and a port, such as 127.0.0.1:5060.";
                return this;
            case "--member" when PhoneNumber.TryParse(value, region, out var number, out error):
                return this with { Member = number };
            case "--merchant" when PhoneNumber.TryParse(value, region, out var number, out error):
                return this with { Merchant = number };
            case "--talk" when double.TryParse(value, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and <= LongestTalk:
                return this with { Talk = TimeSpan.FromSeconds(seconds) };
            case "--talk":
                error = $"--talk {value}: write seconds, at most {LongestTalk}.";
                return this;
            default:
                error = error is null ? $"{name} is unknown. {Usage}" : $"{name}: {error}";
                return this;
        }
    }
}
