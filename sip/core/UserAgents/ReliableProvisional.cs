namespace OrleansCallback.Sip;

/// <summary>What a user agent thinks of reliable provisional responses (RFC 3262).</summary>
public enum ReliableProvisional
{
    /// <summary>Neither offered nor taken: "Require: 100rel" gets 420.</summary>
    Off,
    /// <summary>"Supported: 100rel"; used where the other side asks for it.</summary>
    Supported,
    /// <summary>"Require: 100rel"; an INVITE to us without it gets 421.</summary>
    Required,
}
