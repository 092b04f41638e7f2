namespace NanoOta.Cli.Rig;

/// <summary>The credentials of the Wi-Fi network. Commands of a device file read them from the environment; nothing prints them.</summary>
internal static class Secrets
{
    private static readonly string[] Variables = ["NANO_OTA_WIFI_SSID", "NANO_OTA_WIFI_PASSWORD"];

    /// <summary>The text with *** in place of each of them.</summary>
    public static string Hide(string text)
    {
        foreach (var variable in Variables)
            if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } secret)
                text = text.Replace(secret, "***", StringComparison.Ordinal);
        return text;
    }
}
