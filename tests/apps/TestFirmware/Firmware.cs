using System.Globalization;
using NanoOta;

namespace TestFirmware;

/// <summary>Starts what a firmware has beside its agent, on the thread that starts it.</summary>
/// <param name="ports">The agent's, complete.</param>
/// <param name="options">The agent's.</param>
/// <returns>What runs between the agent's steps, or null.</returns>
public delegate AgentRound? Beside(UpdatePorts ports, UpdateOptions options);

/// <summary>What all firmware here shares: an agent on a thread of its own, impatient enough for a demo.</summary>
public static class Firmware
{
    /// <summary>Setting of the device: the address of its releases.</summary>
    private const string AddressSetting = "NANO_OTA_ADDRESS";

    /// <summary>Setting of the device: what tells it from the others.</summary>
    private const string IdSetting = "NANO_OTA_DEVICE_ID";

    /// <summary>Setting of the device: its supply.</summary>
    private const string SupplySetting = "NANO_OTA_SUPPLY";

    /// <summary>Setting of the device: seconds between two looks for a release.</summary>
    private const string CheckSetting = "NANO_OTA_CHECK_SECONDS";

    /// <summary>Starts the agent and returns.</summary>
    /// <param name="health">Judges a trial.</param>
    /// <param name="hear">Hears each event after the console, on the agent's thread.</param>
    /// <param name="beside">Starts what else there is, or null.</param>
    public static AgentLoop StartAgent(IHealthCheck health, Action<UpdateEvent>? hear = null, Beside? beside = null)
    {
        Console.WriteLine($"firmware {FirmwareIdentity.Version()} starts");
        var address = Environment.GetEnvironmentVariable(AddressSetting) ?? "";
        var ports = new UpdatePorts
        {
            Flash = new NativeFlash(),
            Boot = new NativeBootControl(),
            Crypto = new NativeCrypto(),
            Source = VirtualSource.Make(address),
            Clock = new VirtualClock(),
            Health = health,
            Runtime = new NativeRuntime(),
            Supply = new VirtualSupply(Environment.GetEnvironmentVariable(SupplySetting)),
        };
        ports.Events.Add(new ConsoleEvents());
        if (hear != null) ports.Events.Add(new Heard(hear));
        var options = new UpdateOptions
        {
            Address = address,
            Product = FirmwareIdentity.Product(),
            Board = FirmwareIdentity.Board(),
            Chip = FirmwareBoard.Chip(),
            TrustedKeys = FirmwareIdentity.TrustedKeys(),
            DeviceId = Environment.GetEnvironmentVariable(IdSetting) ?? "",
            Supply = new SupplyLimits
            {
                Download = FirmwareBoard.SupplyDownload(),
                Write = FirmwareBoard.SupplyWrite(),
                Activate = FirmwareBoard.SupplyActivate(),
            },
            CheckIntervalMs = 1000 * int.Parse(Setting.Of(CheckSetting) ?? "1", CultureInfo.InvariantCulture),
            RetryDelayMs = 100,
            HealthDeadlineMs = 2000,
            ShortestTrialMs = 300,
        };
        var loop = new AgentLoop(() => new UpdateAgent(ports, options), ports.Boot, ports.Clock, () => true);
        if (beside?.Invoke(ports, options) is { } round) loop.AddRound(round);
        new Thread(loop.Run).Start();
        return loop;
    }

    /// <summary>Starts the agent and stays.</summary>
    public static void Run(IHealthCheck health, Action<UpdateEvent>? hear = null, Beside? beside = null)
    {
        StartAgent(health, hear, beside);
        Thread.Sleep(Timeout.Infinite);
    }

    private sealed class Heard(Action<UpdateEvent> hear) : IUpdateEvents
    {
        public void On(UpdateEvent e) => hear(e);
    }
}
