namespace TestFirmware;

/// <summary>What the device is told (SPEC.md, section 6).</summary>
public static class Setting
{
    /// <summary>Path of a PEM file with the authorities that may vouch for servers.</summary>
    public const string Authorities = "NANO_OTA_CA";

    /// <summary>A setting; null when it is not there, or empty.</summary>
    public static string? Of(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
