using System.Net;

namespace OrleansCallback.Sip.Net;

/// <summary>One port of ours.</summary>
/// <param name="Transport">What is spoken there.</param>
/// <param name="EndPoint">Where it is bound.</param>
/// <param name="IsMutual">Over TLS: who connects must present a certificate that we trust.</param>
readonly record struct PortBind(SipTransport Transport, IPEndPoint EndPoint, bool IsMutual = false);
