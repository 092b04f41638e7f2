namespace NanoOta.Cli.Device;

/// <summary>The broker that a device connects to, and the keys of valid commands. Empty text: not set.</summary>
public sealed record DeviceBroker
{
    /// <summary>Address, as <c>mqtt://[user[:password]@]host[:port]</c> or <c>mqtts://</c>.</summary>
    public string Address { get; init; } = "";

    /// <summary>Public keys that may sign commands: base64 of x ‖ y, separated by spaces.</summary>
    public string CommandKeys { get; init; } = "";

    /// <summary>A token that authenticates commands as well.</summary>
    public string Token { get; init; } = "";
}
