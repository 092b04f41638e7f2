using System.Diagnostics;
using System.Net;
using NanoOta.Boards;
using NanoOta.Cli.Device;
using NanoOta.Cli.Scenarios;
using NanoOta.Releases;

namespace NanoOta.Cli.Rig;

/// <summary>A board at a serial port, or an emulator. All that is known about it comes from its console.</summary>
internal sealed class BoardUnderTest : IDeviceUnderTest
{
    /// <summary>Firmware that is flashed before the first and after the last scenario.</summary>
    private const string KnownApp = "good", KnownVersion = "1.0.0";

    /// <summary>This computer, as the guest of QEMU's user network sees it.</summary>
    private const string EmulatorHost = "10.0.2.2";

    private readonly DeviceEntry device;
    private readonly RigLimits limits;
    private readonly ConsoleLog log;
    private readonly DeviceLock hold;
    private readonly DeviceConsole console;
    private readonly IPowerSwitch? power;
    private string? powerFault;

    /// <summary>Holds the device exclusively until it is disposed.</summary>
    /// <exception cref="RigException">Another run holds it.</exception>
    /// <exception cref="ReleaseException">Its key cannot be read.</exception>
    public BoardUnderTest(DeviceEntry device, RigLimits limits, ConsoleLog log)
    {
        this.device = device;
        this.limits = limits;
        this.log = log;
        Key = SigningKey.Load(device.Firmware.Key);
        hold = DeviceLock.Take(device);
        console = new DeviceConsole(device.Serial, limits.Open, log);
        power = PowerSwitches.Of(device);
        powerFault = power == null ? "no power switch" : null;
    }

    public string Id => device.Id;

    public Board Board => device.Board;

    public string Product => device.Firmware.Product;

    public SigningKey Key { get; }

    // A device on this computer, and the guest of an emulator, reach the server by the loopback interface.
    public IPEndPoint Listen =>
        new(device.Server.IsLoopback || device.Server.Host == EmulatorHost ? IPAddress.Loopback : IPAddress.Any, device.Server.Port);

    public string AddressOf(IPEndPoint server) => device.Server.AbsoluteUri;

    public void Select(Needs needs)
    {
    }

    public string? Lacks(Needs needs)
    {
        if (needs.HasFlag(Needs.RuntimeSlots)) return "there is no runtime for it beside its firmware";
        if (needs.HasFlag(Needs.Settings)) return "its settings (id, supply, broker, native code) are those of its firmware";
        return needs.HasFlag(Needs.PowerCut) ? powerFault : null;
    }

    public AppImage Build(string app, string version, Board board)
    {
        var path = Path.Combine(device.Firmware.Folder, app, version);
        if (!Directory.Exists(path)) path += ".bin";
        if (!Directory.Exists(path) && !File.Exists(path))
            throw new PreconditionException($"no firmware {app} {version} in {device.Firmware.Folder}");
        return AppPath.Load([path], AppIdentity.For(Board, Product, version, [Key.Public])).Image;
    }

    public void Flash(ReleaseOrder firmware)
    {
        bool isWritten;
        var name = $"{firmware.Version} of {firmware.App!.Size} bytes";
        if (device.Emulator is { } emulator)
        {
            power!.Off();
            isWritten = Flasher.ToFile(emulator.Flash, Board.FlashSize, Flasher.Files(device, firmware));
        }
        else
        {
            var files = Flasher.Files(device, firmware);
            console.Close();
            isWritten = Flasher.ToChip(device, files);
        }

        log.Note(isWritten ? $"flashed {name}" : $"the flash has {name} already");
    }

    /// <exception cref="RigException">It cannot be flashed, or does not start.</exception>
    public void Prepare(CancellationToken stop) => Check(stop);

    /// <exception cref="RigException">It cannot be flashed, or does not start.</exception>
    public void Restore()
    {
        FlashKnown();
        if (device.Emulator == null) Start(CancellationToken.None);
    }

    /// <summary>Flashes firmware that is known to be good, and checks that a start brings a boot line and that the power switch cuts power.
    /// If it does not, <see cref="Lacks"/> has the reason.</summary>
    /// <returns>The boot, and why power cannot be cut (null = it can).</returns>
    /// <exception cref="RigException">The device does not start.</exception>
    public (DeviceEvent Boot, string? PowerFault) Check(CancellationToken stop)
    {
        FlashKnown();
        var boot = Start(stop);
        if (power == null) return (boot, powerFault);
        try
        {
            SwitchOffAndOn(stop);
            var next = AwaitStart(stop);
            if (next.Reset != ResetReason.PowerOn)
                throw new RigException($"the boot after it reports {next.Reason}, and not power on; "
                    + "check that nothing else feeds the board");
            powerFault = null;
        }
        catch (RigException e)
        {
            powerFault = "its switch does not cut power: " + e.Message;
            log.Note(powerFault);
        }

        return (boot, powerFault);
    }

    public DeviceEvent? Run(RunOrder order, CancellationToken stop)
    {
        if (order.HasSettings) throw new InvalidOperationException("a scenario with settings must have Needs.Settings");
        var run = new ConsoleRun(order);
        run.OnBoot(Start(stop));
        var time = Stopwatch.StartNew();
        while (time.Elapsed < limits.Run)
        {
            if (run.TakeCut())
            {
                SwitchOffAndOn(stop);
                time = Stopwatch.StartNew();
            }

            if (console.Take(limits.Poll, stop) is { } line) run.OnLine(line);
            else CheckPort(stop);
            if (run.End != null && order.MayEnd()) return run.End;
        }

        return null;
    }

    public FlashContent? ReadFirmware(CancellationToken stop)
    {
        var state = BootState.Confirmed;
        Start(stop);
        for (var time = Stopwatch.StartNew(); time.Elapsed < limits.Run;)
        {
            if (console.Take(limits.Poll, stop) is not { } line || AgentLine.Find(line, out _) is not { } e) continue;
            if (e.Event == "trial") state = BootState.Trial;
            if (e.Event == "reverted") state = BootState.Confirmed;
            if (e.Event == "idle") return new FlashContent(e.Version!, IsWhole: e.Version != "", state);
        }

        return null;
    }

    /// <summary>Prints the console until it is stopped.</summary>
    public void Watch(Action<string> print, CancellationToken stop)
    {
        power?.On();
        console.Open();
        console.AwaitOpen(stop);
        while (true)
            if (console.Take(limits.Poll, stop) is { } line) print(line);
            else CheckPort(stop);
    }

    public void Dispose()
    {
        console.Dispose();
        (power as IDisposable)?.Dispose();
        Key.Dispose();
        hold.Dispose();
    }

    private void FlashKnown()
    {
        try
        {
            Flash(new ReleaseOrder(Product, Board, KnownVersion, null, Build(KnownApp, KnownVersion, Board)));
        }
        catch (PreconditionException e)
        {
            throw new RigException($"{e.Message}; build it (docs/RIG.md)");
        }
    }

    /// <summary>Resets the device, or switches it off and on, with the console open before its first byte.</summary>
    /// <returns>Its boot.</returns>
    private DeviceEvent Start(CancellationToken stop)
    {
        console.Open();
        if (device.Reset.Kind == ResetKind.None) SwitchOffAndOn(stop);
        else
        {
            console.Discard();
            log.Note("reset");
            Resets.Run(device.Reset, console, stop);
        }

        return AwaitStart(stop);
    }

    private void SwitchOffAndOn(CancellationToken stop)
    {
        log.Note("power off");
        try
        {
            power!.Off();
            AwaitSilence(stop);
            console.Discard();
        }
        finally
        {
            log.Note("power on");
            power!.On();
        }
    }

    private void AwaitSilence(CancellationToken stop)
    {
        var time = Stopwatch.StartNew();
        while (time.Elapsed < TimeSpan.FromSeconds(device.Power.OffSeconds))
            if (console.Take(limits.Poll, stop) is { } line && time.Elapsed > limits.Silence)
                throw new RigException($"{time.Elapsed.TotalSeconds:0.0} s after power off the console still prints "
                    + $"'{DeviceText.Clean(line)}'; check the switch and other cables to the board");
    }

    // The first sign of the device: before it, only the rig can be at fault.
    private DeviceEvent AwaitStart(CancellationToken stop)
    {
        long before = console.Received;
        for (var time = Stopwatch.StartNew(); time.Elapsed < limits.Boot;)
        {
            if (console.Take(limits.Poll, stop) is not { } line) continue;
            if (BootLine.Find(line) is { } boot) return boot;
        }

        CheckPort(stop);
        long bytes = console.Received - before;
        var place = $"came from {device.Serial} within {limits.Boot.TotalSeconds} s";
        throw new RigException(bytes == 0 ? $"nothing {place}; check power, cable and reset"
            : $"{bytes} bytes {place} and no line of a boot; check baud and firmware");
    }

    private void CheckPort(CancellationToken stop)
    {
        if (!console.IsOpen) console.AwaitOpen(stop);
    }
}

/// <summary>The time limits of a device.</summary>
/// <param name="Run">From the start of a run, or its last power cut, to its goal.</param>
internal sealed record RigLimits(TimeSpan Run)
{
    /// <summary>A trial may take seven minutes on a device.</summary>
    public static RigLimits Default { get; } = new(TimeSpan.FromMinutes(15));

    /// <summary>How long a port may be gone.</summary>
    public TimeSpan Open { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>From a reset to the first line of a boot.</summary>
    public TimeSpan Boot { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>From power off to the last line of the console, which capacitors and buffers may delay.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(20);
}
