using NanoOta;
using NanoOta.Mqtt.Virtual;
using TestFirmware;

namespace Connected;

/// <summary>What joins the agent with a broker: only this app has it, and MQTTnet, in its image.</summary>
internal static class Remote
{
    private const int AnnounceSpreadMs = 200, ConnectSpreadMs = 10, StatusIntervalMs = 10000;

    /// <summary>Connects the agent with the broker of the device's settings; without one nothing is started.</summary>
    /// <param name="ports">The agent's, complete.</param>
    /// <param name="options">The agent's.</param>
    /// <returns>What runs between the agent's steps, or null.</returns>
    public static AgentRound? Start(UpdatePorts ports, UpdateOptions options)
    {
        if (VirtualBroker.Login() is not { } login) return null;
        options.AnnounceSpreadMs = AnnounceSpreadMs;
        var reset = ports.Boot;
        var history = new History(ports, (int)reset.ResetReason);
        var remote = new RemoteLoop(new MqttOptions
        {
            Product = options.Product,
            Board = options.Board,
            DeviceId = options.DeviceId,
            CommandKeys = VirtualBroker.CommandKeys(),
            Token = VirtualBroker.Token(),
            ConnectSpreadMs = ConnectSpreadMs,
            StatusIntervalMs = StatusIntervalMs,
        }, ports)
        {
            Support = new SupportReport(ports, options, history)
            {
                ResetReason = ResetReasons.Text(reset.ResetReason),
                TrialBoots = reset.TrialBoots,
                PowerBlips = reset.PowerBlips,
                Crashes = reset.Crashes,
            },
        };
        remote.Status.ResetReason = ResetReasons.Text(reset.ResetReason);
        remote.Status.TrialBoots = reset.TrialBoots;
        new Thread(remote.MakeLink(() => new MqttNetBroker(), login, () => true).Run).Start();
        return agent => history.Round(agent) | remote.Round(agent);
    }
}
