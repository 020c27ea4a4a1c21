using System.Net;

namespace OrleansCallback.Sip.Sandbox;

/// <summary>Settings of a <see cref="SandboxCarrier"/>.</summary>
public sealed record SandboxOptions
{
    /// <summary>Where the carrier takes INVITEs; port 0 takes a free one.</summary>
    public IPEndPoint Bind { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>Callers must prove this user and password (407, Proxy-Authorization); null: anybody may call.</summary>
    public Credentials? Credentials { get; init; }

    /// <summary>The digest algorithm of the challenge: true for SHA-256 (RFC 8760), false for MD5.</summary>
    public bool Sha256 { get; init; }

    /// <summary>Calls that are kept in <see cref="SandboxCarrier.Records"/>, the latest.</summary>
    public int MaxRecords { get; init; } = 10_000;

    /// <summary>Phones in a call at a time; further calls get 503.</summary>
    public int MaxPhones { get; init; } = 5_000;

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
