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
        if (VirtualBroker.Login() is not { } login) return;
        ota.Options.AnnounceSpreadMs = AnnounceSpreadMs;
        ota.AddPart("broker", _ => Start(ota, login));
    }

    private static void Start(OtaAgent ota, BrokerLogin login)
    {
        var history = new History(ota.Ports);
        var remote = new RemoteLoop(new MqttOptions
        {
            Product = ota.Options.Product,
            Board = ota.Options.Board,
            DeviceId = ota.Options.DeviceId,
            CommandKeys = VirtualBroker.CommandKeys(),
            Token = VirtualBroker.Token(),
            ConnectSpreadMs = ConnectSpreadMs,
            StatusIntervalMs = StatusIntervalMs,
        }, ota.Ports)
        {
            Support = new SupportReport(ota.Ports, ota.Options, history),
        };
        new Thread(remote.MakeLink(() => new MqttNetBroker(), login, ota.IsNetworkReady).Run).Start();
        ota.AddRound(history.Round);
        ota.AddRound(remote.Round);
    }
}
