using NanoOta;
using TestFirmware;

namespace Connected;

/// <summary>Where the broker is, and whose commands are taken, as the settings of the device have it (SPEC.md, section 6).</summary>
internal static class VirtualBroker
{
    private const string AddressSetting = "NANO_OTA_BROKER";

    private const string KeySetting = "NANO_OTA_COMMAND_KEY";

    private const string TokenSetting = "NANO_OTA_COMMAND_TOKEN";

    // By custom (registered with IANA); an address may name another.
    private const int Port1883 = 1883, SecurePort8883 = 8883;

    /// <summary>How to connect; null when the settings name no broker.</summary>
    public static BrokerLogin? Login()
    {
        if (Setting.Of(AddressSetting) is not { } address) return null;
        var uri = new Uri(address);
        bool isSecure = uri.Scheme == "mqtts";
        var login = new BrokerLogin
        {
            Host = uri.IdnHost,
            Port = uri.Port > 0 ? uri.Port : isSecure ? SecurePort8883 : Port1883,
            IsSecure = isSecure,
        };
        if (isSecure && Setting.Of(Setting.Authorities) is { } file) login.CaCertificate = File.ReadAllText(file);
        if (uri.UserInfo.Split(':', 2) is [{ Length: > 0 } user, .. var password])
        {
            login.User = Uri.UnescapeDataString(user);
            login.Password = password is [var text] ? Uri.UnescapeDataString(text) : null;
        }

        return login;
    }

    public static string[] CommandKeys() => Setting.Of(KeySetting)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];

    public static string Token() => Setting.Of(TokenSetting) ?? "";
}
