using NanoOta;
using NanoOta.Mqtt.Virtual;
using TestFirmware;

namespace Connected;

/// <summary>What joins the agent with a broker: only this app has it, and MQTTnet, in its image.</summary>
internal static class Remote
{
    private const int AnnounceSpreadMs = 200, ConnectSpreadMs = 10, StatusIntervalMs = 10000;

    /// <summary>Connects the agent with the broker of the device's settings; without one nothing is added.</summary>
    public static void Extend(OtaAgent ota)
    {
        if (VirtualBroker.Options() is not { } options) return;
        ota.Options.AnnounceSpreadMs = AnnounceSpreadMs;
        (options.ConnectSpreadMs, options.StatusIntervalMs) = (ConnectSpreadMs, StatusIntervalMs);
        options.MakeBroker = () => new MqttNetBroker();
        ota.UseDiagnostics();
        ota.UseMqtt(options);
    }
}
