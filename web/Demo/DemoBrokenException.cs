using System.Net;

namespace OrleansCallback.Web.Demo;

/// <summary>The demo could not go on; the message says where it stood.</summary>
public sealed class DemoBrokenException(string message, HttpStatusCode status) : Exception(message)
{
    /// <summary>What was answered.</summary>
    public HttpStatusCode Status => status;
}
