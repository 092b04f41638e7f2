using NanoOta;
using TestFirmware;

namespace Connected;

/// <summary>The address of the broker and the accepted command keys, from the settings of the device (SPEC.md, section 6).</summary>
internal static class VirtualBroker
{
    private const string AddressSetting = "NANO_OTA_BROKER";

    private const string KeySetting = "NANO_OTA_COMMAND_KEY";

    private const string TokenSetting = "NANO_OTA_COMMAND_TOKEN";

    /// <summary>How to connect; null when the settings name no broker.</summary>
    public static MqttOptions? Options()
    {
        if (Setting.Of(AddressSetting) is not { } address) return null;
        var uri = new Uri(address);
        var options = new MqttOptions(uri.IdnHost)
        {
            IsSecure = uri.Scheme == "mqtts",
            CommandKeys = Setting.Of(KeySetting)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [],
            Token = Setting.Of(TokenSetting) ?? "",
        };
        if (uri.Port > 0) options.Port = uri.Port;
        if (options.IsSecure && Setting.Of(Setting.Authorities) is { } file) options.CaCertificate = File.ReadAllText(file);
        if (uri.UserInfo.Split(':', 2) is [{ Length: > 0 } user, .. var password])
        {
            options.User = Uri.UnescapeDataString(user);
            options.Password = password is [var text] ? Uri.UnescapeDataString(text) : null;
        }

        return options;
    }
}
