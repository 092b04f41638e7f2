namespace NanoOta.Cli.Device;

/// <summary>Whom a device trusts over https, and what it shows the server. Empty texts: nothing of the kind.</summary>
public sealed record ServerTrust
{
    /// <summary>Path of a PEM file with the only authorities that it trusts; without one, those of the system.</summary>
    public string Authorities { get; init; } = "";

    /// <summary>A header, as <c>NAME: VALUE</c>, for the origin of the offer.</summary>
    public string Header { get; init; } = "";

    /// <summary>User and password, as <c>NAME:PASSWORD</c>, for the origin of the offer.</summary>
    public string User { get; init; } = "";
}
