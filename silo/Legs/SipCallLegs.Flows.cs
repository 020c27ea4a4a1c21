using System.Net;
using OrleansCallback.Calls;
using OrleansCallback.Sip;
using OrleansCallback.Trunks;

namespace OrleansCallback.Silo.Legs;

/// <summary>Legs to registered phones: on the silo that holds the phone's flow, with no carrier between.</summary>
sealed partial class SipCallLegs
{
    DialResult DialFlow(LegAttempt attempt)
    {
        var phone = PhoneAt(attempt.Target);
        if (Open(attempt, phone) is not { } leg) return DialResult.NoCapacity;
        Invite(attempt, leg, phone, TimeSpan.Zero);
        return DialResult.Dialled;
    }

    static bool IsOnFlow(LegAttempt attempt) => GrainKeys.IsFlowLeg(attempt.Key);

    /// <summary>
    /// A phone as a trunk of its own, with every codec that we know: behind a NAT its audio comes from where its REGISTER came from, whatever its
    /// SDP says.
    /// </summary>
    TrunkOptions PhoneAt(string flow)
    {
        var options = new TrunkOptions { Codecs = TrunkCodecs.All, MediaEncryption = terminals.MediaEncryption };
        if (Target.TryParse(flow, out var target) && target.TryHop(out var hop))
            options.MediaNetworks.Add(new IPNetwork(hop.EndPoint.Address, hop.EndPoint.Address.GetAddressBytes().Length * 8).ToString());
        return options;
    }
}
