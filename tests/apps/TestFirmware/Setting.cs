namespace TestFirmware;

/// <summary>The settings of the device (SPEC.md, section 6).</summary>
public static class Setting
{
    /// <summary>Path of a PEM file with the certificate authorities that are trusted for servers.</summary>
    public const string Authorities = "NANO_OTA_CA";

    /// <summary>A setting; null when it is not there, or empty.</summary>
    public static string? Of(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
