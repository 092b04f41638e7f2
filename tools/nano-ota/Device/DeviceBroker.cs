namespace NanoOta.Cli.Device;

/// <summary>The broker that a device speaks with, and whose commands it takes. Empty texts: nothing of the kind.</summary>
public sealed record DeviceBroker
{
    /// <summary>Address, as <c>mqtt://[user[:password]@]host[:port]</c> or <c>mqtts://</c>.</summary>
    public string Address { get; init; } = "";

    /// <summary>Public keys that may sign commands: base64 of x ‖ y, with spaces between them.</summary>
    public string CommandKeys { get; init; } = "";

    /// <summary>A token that vouches for commands as well.</summary>
    public string Token { get; init; } = "";
}
