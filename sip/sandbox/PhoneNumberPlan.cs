using System.Collections.Concurrent;

namespace OrleansCallback.Sip.Sandbox;

/// <summary>
/// Which phone stands behind a number. The last three digits say how it behaves:
/// <list type="table">
/// <item><term>0yz</term><description>rings at once, answers after y seconds; with z above 0 hangs up z seconds after its answer</description></item>
/// <item><term>1..</term><description>rings and never answers</description></item>
/// <item><term>2..</term><description>busy: 486</description></item>
/// <item><term>3..</term><description>declines: 603</description></item>
/// <item><term>4..</term><description>unknown number: 404</description></item>
/// <item><term>5..</term><description>the carrier cannot: 503</description></item>
/// <item><term>6yz</term><description>answers after y seconds and presses 1 z seconds after its answer</description></item>
/// <item><term>7yz</term><description>the same, but presses 5 first, and 1 three seconds later</description></item>
/// <item><term>8yz and 9yz</term><description>as 0yz</description></item>
/// </list>
/// A number with a script of its own (<see cref="Set"/>) follows that instead. A number of fewer than three digits is unknown. What an
/// answered phone says is numbered audio unless its script says otherwise.
/// </summary>
public sealed class PhoneNumberPlan
{
    const int MostDigits = 15; // ITU-T E.164

    readonly ConcurrentDictionary<string, PhoneScript> own = new(StringComparer.Ordinal);

    /// <summary>Gives a number a script of its own, for calls from now on.</summary>
    /// <param name="number">E.164 with or without the plus sign.</param>
    /// <param name="script">How it behaves.</param>
    public void Set(string number, PhoneScript script) => own[Digits(number)] = script;

    /// <summary>Lets a number behave by its digits again.</summary>
    public void Clear(string number) => own.TryRemove(Digits(number), out _);

    /// <summary>How the phone of a number behaves.</summary>
    public PhoneScript For(string number)
    {
        var digits = Digits(number);
        if (own.TryGetValue(digits, out var script)) return script;
        if (digits.Length is < 3 or > MostDigits) return PhoneScript.Rejects(404);
        var (x, y, z) = (digits[^3] - '0', digits[^2] - '0', digits[^1] - '0');
        return x switch
        {
            1 => PhoneScript.NeverAnswers,
            2 => PhoneScript.Rejects(486),
            3 => PhoneScript.Rejects(603),
            4 => PhoneScript.Rejects(404),
            5 => PhoneScript.Rejects(503),
            6 => PhoneScript.Presses(y, z, "1"),
            7 => PhoneScript.Presses(y, z, "51"),
            _ => PhoneScript.Answers(y, z == 0 ? null : z),
        };
    }

    /// <summary>The digits of a Request-URI's user part: "+49 30-123", "%2B4930123" and "4930123;phone-context=x" are one number.</summary>
    public static string Digits(string user)
    {
        ArgumentNullException.ThrowIfNull(user);
        var number = user.Split(';', 2)[0].Replace("%2B", "", StringComparison.OrdinalIgnoreCase);
        return string.Concat(number.Where(char.IsAsciiDigit));
    }
}
