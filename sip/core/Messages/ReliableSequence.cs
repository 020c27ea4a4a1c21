using System.Globalization;

namespace OrleansCallback.Sip;

/// <summary>RSeq of a reliable provisional response and RAck of its PRACK (RFC 3262 sections 7.1 and 7.2).</summary>
static class ReliableSequence
{
    /// <summary>The option tag.</summary>
    public const string Tag = "100rel";

    /// <summary>The RSeq of a response that asks for a PRACK; null for any other.</summary>
    public static uint? Of(SipMessage response)
    {
        if (response.StatusCode is <= 100 or >= 200 || !response.Lists(HeaderId.Require, Tag)) return null;
        return Grammar.TryNumber(response.Header(HeaderId.RSeq), uint.MaxValue, out var number) && number > 0 ? number : null;
    }

    /// <summary>The value of RAck.</summary>
    public static string Acknowledgement(uint rseq, CSeq cseq) => string.Create(CultureInfo.InvariantCulture, $"{rseq} {cseq}");

    /// <summary>True when a PRACK acknowledges this response of this INVITE.</summary>
    public static bool Acknowledges(SipMessage prack, uint rseq, CSeq cseq)
    {
        var text = prack.Header(HeaderId.RAck);
        var blank = text.IndexOfAny(" \t"u8);
        return blank > 0 && Grammar.TryNumber(text[..blank], uint.MaxValue, out var number) && number == rseq
            && CSeq.TryParse(text[blank..], out var acknowledged) && acknowledged == cseq;
    }
}
