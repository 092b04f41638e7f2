namespace NanoOta.Cli.Device;

/// <summary>The certificate authorities that a device trusts, and its credentials for the server. Empty text: not set.</summary>
public sealed record ServerTrust
{
    /// <summary>Path of a PEM file with the only trusted authorities; empty = those of the system.</summary>
    public string Authorities { get; init; } = "";

    /// <summary>A header, as <c>NAME: VALUE</c>, for the origin of the offer.</summary>
    public string Header { get; init; } = "";

    /// <summary>User and password, as <c>NAME:PASSWORD</c>, for the origin of the offer.</summary>
    public string User { get; init; } = "";
}
