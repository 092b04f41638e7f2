using System.Globalization;
using NanoOta;

namespace TestFirmware;

/// <summary>What all firmware here shares: the agent of a device, with short intervals and the ports of the virtual device.</summary>
public static class Firmware
{
    /// <summary>Setting of the device: the address of its releases.</summary>
    private const string AddressSetting = "NANO_OTA_ADDRESS";

    /// <summary>Setting of the device: its id.</summary>
    private const string IdSetting = "NANO_OTA_DEVICE_ID";

    /// <summary>Setting of the device: its supply.</summary>
    private const string SupplySetting = "NANO_OTA_SUPPLY";

    /// <summary>Setting of the device: seconds between two checks for a release.</summary>
    private const string CheckSetting = "NANO_OTA_CHECK_SECONDS";

    // For a device without one in its settings: no server has this name (RFC 6761, section 6.4).
    private const string NoAddress = "http://none.invalid/";

    /// <summary>Starts the agent and returns.</summary>
    /// <param name="health">Judges a trial.</param>
    /// <param name="listener">Receives each event after the console, on the agent's thread.</param>
    /// <param name="extend">Adds what else there is before the agent starts, or null.</param>
    public static OtaAgent StartAgent(IHealthCheck health, Action<UpdateEvent>? listener = null, Action<OtaAgent>? extend = null)
    {
        Console.WriteLine($"firmware {FirmwareIdentity.Version()} starts");
        var ota = new OtaAgent(Setting.Of(AddressSetting) ?? NoAddress);
        ota.Ports.Source = VirtualSource.Make(ota.Options.Address);
        ota.Ports.Clock = new VirtualClock();
        ota.Ports.Health = health;
        ota.Ports.RuntimeUpdates = new RuntimeUpdates(ota.Ports);
        ota.Ports.Supply = new VirtualSupply(Setting.Of(SupplySetting));
        ota.Options.DeviceId = Setting.Of(IdSetting) ?? "";
        ota.Options.CheckIntervalMs = 1000 * int.Parse(Setting.Of(CheckSetting) ?? "1", CultureInfo.InvariantCulture);
        ota.Options.RetryDelayMs = 100;
        ota.Options.HealthDeadlineMs = 2000;
        ota.Options.ShortestTrialMs = 300;
        if (listener != null) ota.Events.Add(new Listener(listener));
        extend?.Invoke(ota);
        ota.Start();
        return ota;
    }

    /// <summary>Starts the agent and stays.</summary>
    public static void Run(IHealthCheck health, Action<UpdateEvent>? listener = null, Action<OtaAgent>? extend = null)
    {
        StartAgent(health, listener, extend);
        Thread.Sleep(Timeout.Infinite);
    }

    private sealed class Listener(Action<UpdateEvent> listener) : IUpdateEvents
    {
        public void On(UpdateEvent e) => listener(e);
    }
}
