using System.Net;

namespace OrleansCallback.Sip;

/// <summary>One address of a name, with what its records say about the order (RFC 2782, RFC 3263 section 4.2).</summary>
/// <param name="Transport">The transport that was found for it.</param>
/// <param name="EndPoint">Address and port.</param>
/// <param name="Priority">The lower goes first; 0 to 65535.</param>
/// <param name="Weight">The share among equals in priority; 0 to 65535.</param>
public readonly record struct Server(SipTransport Transport, IPEndPoint EndPoint, int Priority = 0, int Weight = 0);
