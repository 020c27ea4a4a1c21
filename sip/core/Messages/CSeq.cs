using System.Globalization;

namespace OrleansCallback.Sip;

/// <summary>CSeq: a number below 2^31 and a method (RFC 3261 sections 8.1.1.5 and 20.16).</summary>
/// <param name="Number">The sequence number.</param>
/// <param name="Method">The method, when it is a known one.</param>
/// <param name="MethodName">The method as it was written.</param>
public sealed record CSeq(int Number, SipMethod Method, string MethodName)
{
    /// <summary>The value as it stands on the wire.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number} {MethodName}");

    /// <summary>Reads "number method".</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out CSeq cseq)
    {
        cseq = null!;
        if (!TryScan(text, out var number, out var method)) return false;
        cseq = new CSeq(number, SipMethods.Parse(method), SipMethods.Name(method));
        return true;
    }

    /// <summary>Finds the number and the method and checks them.</summary>
    internal static bool TryScan(ReadOnlySpan<byte> text, out int number, out ReadOnlySpan<byte> method)
    {
        number = 0;
        method = default;
        text = Grammar.Trim(text);
        var blank = text.IndexOfAny(" \t"u8);
        if (blank < 0 || !Grammar.TryNumber(text[..blank], int.MaxValue, out var value)) return false;
        number = (int)value;
        method = Grammar.Trim(text[blank..]);
        return Grammar.IsToken(method);
    }
}
