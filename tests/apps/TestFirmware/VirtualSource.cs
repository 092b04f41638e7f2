using NanoOta;

namespace TestFirmware;

/// <summary>Where releases come from, as the settings of the device have it (SPEC.md, section 6).</summary>
internal static class VirtualSource
{
    private const string HeaderSetting = "NANO_OTA_HEADER";

    private const string UserSetting = "NANO_OTA_USER";

    private const int TimeoutMs = 5000;

    /// <summary>A source that sends the credentials of the settings to the server of one address only.</summary>
    public static HttpReleaseSource Make(string address)
    {
        var source = new HttpReleaseSource(TimeoutMs);
        if (Setting.Of(Setting.Authorities) is { } file) source.CaCertificate = File.ReadAllText(file);
        if (Split(HeaderSetting) is (string header, string value)) source.Credential = new HttpCredential(address, header, value.Trim());
        if (Split(UserSetting) is (string user, string password)) source.Credential = HttpCredential.Basic(address, user, password);
        return source;
    }

    private static (string, string)? Split(string setting) =>
        Setting.Of(setting) is { } text && text.Split(':', 2) is [var first, var rest] ? (first, rest) : null;
}
