using System.Net;
using NanoOta.Boards;
using NanoOta.Cli.Device;
using NanoOta.Cli.Scenarios;
using NanoOta.Releases;
using NanoOta.VirtualDevice;

namespace NanoOta.Cli.Rig;

/// <summary>A virtual device under test. It has all that a scenario can need.</summary>
/// <param name="folder">An existing folder for its flash.</param>
/// <param name="log">Receives its console.</param>
/// <param name="apps">Folder of its apps; null = those of this program.</param>
internal sealed class VirtualDeviceUnderTest(string folder, ConsoleLog log, string? apps = null) : IDeviceUnderTest
{
    private static readonly Board OneRuntime = Board.Load("lolin-d32-4mb"); // has a battery
    private static readonly Board TwoRuntimes = Board.Load("esp32-s3-devkitc-1-8mb");
    private static readonly TimeSpan TrialWatchdog = TimeSpan.FromSeconds(5);

    private readonly string file = Path.Combine(folder, "device.flash");

    /// <summary>Its id; no device of a file has it.</summary>
    public const string Name = "virtual";

    public string Id => Name;

    /// <summary>From a start to a goal.</summary>
    public TimeSpan RunLimit { get; init; } = TimeSpan.FromMinutes(2);

    public void Prepare(CancellationToken stop)
    {
    }

    public void Restore()
    {
    }

    public Board Board { get; private set; } = OneRuntime;

    public void Select(Needs needs) => Board = needs.HasFlag(Needs.RuntimeSlots) ? TwoRuntimes : OneRuntime;

    public string Product => "demo";

    public SigningKey Key { get; } = SigningKey.Generate();

    public IPEndPoint Listen { get; } = new(IPAddress.Loopback, 0);

    public string AddressOf(IPEndPoint server) => $"http://{server}/";

    public string? Lacks(Needs needs) => null;

    public AppImage Build(string app, string version, Board board) =>
        VirtualApps.Build(app, AppIdentity.For(board, Product, version, [Key.Public]), apps);

    public void Flash(ReleaseOrder firmware) => File.WriteAllBytes(file, FlashImage.Create(firmware));

    public DeviceEvent? Run(RunOrder order, CancellationToken stop)
    {
        using var flash = NorFlash.Open(file, Board.FlashSize);
        Control? control = null;
        using var run = new DeviceRun(Board, flash, order.Environment, TrialWatchdog)
        {
            OnEvent = e =>
            {
                log.Write(e.ToJson());
                order.OnEvent(e, control!);
            },
            OnConsole = log.Write,
            MayEnd = order.MayEnd,
        };
        control = new Control(run, flash);
        return run.Run(order.Goal, RunLimit, stop) ? run.Reached : null;
    }

    // The boot record chooses the slot; the hash verifies its image.
    public FlashContent? ReadFirmware(CancellationToken stop) => FirmwareOf(Board, file);

    /// <summary>The firmware that a flash file boots: app and runtime together, on a board with runtime slots.</summary>
    public static FlashContent? FirmwareOf(Board board, string file)
    {
        using var flash = NorFlash.Open(file, board.FlashSize);
        byte[] content = flash.Snapshot();
        var record = new BootRecords(flash, FlashMap.Of(board)).Load() ?? BootRecord.None;
        var slot = FlashImage.Read(board, content, file).FirstOrDefault(s => s.Slot == record.Chosen);
        if (slot == null) return null;
        var app = new FlashContent(slot.Descriptor.Version, slot.Image != null, record.State);
        var table = EspTable.Of(board);
        if (table.OtaData == null) return app;
        int chosen = new RuntimeSlots(flash, table, 0).Chosen ?? 0;
        var runtime = FlashImage.ReadRuntimes(board, content).FirstOrDefault(r => r.Slot == chosen);
        if (runtime == null) return app;
        var release = SlotDescriptor.Newer(slot.Descriptor, runtime.Descriptor);
        return app with { Version = release.Version, IsWhole = app.IsWhole && runtime.Matches };
    }

    public void Dispose() => Key.Dispose();

    /// <summary>Cuts power inside the next program operation of the flash, which leaves some bits programmed and others not; or, if none
    /// follows soon, between two operations.</summary>
    private sealed class Control(DeviceRun run, NorFlash flash) : IDeviceControl
    {
        // Shorter than the shortest trial.
        private const int DelayMs = 50;

        public void CutPower()
        {
            int isClaimed = 0;
            bool Claim() => Interlocked.Exchange(ref isClaimed, 1) == 0;
            flash.Arm(new PowerCut(op => op.Kind == FlashOperationKind.Program && Claim() ? CutMoment.Torn : CutMoment.None));
            Task.Delay(DelayMs).ContinueWith(_ =>
            {
                if (Claim()) run.CutPower();
            }, TaskScheduler.Default);
        }
    }
}
