using NanoOta.Native;
using NanoOta.Tests.VirtualDevice;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Runtime;

/// <summary>A runtime slot and an app slot that run together.</summary>
internal readonly record struct Pair(int Runtime, int App);

/// <summary>A board with two runtime slots and two app slots: ESP-IDF's bootloader starts the runtime, whose module selects the
/// app.</summary>
internal sealed class PairDevice
{
    public const int OtaData = 0x16000;

    private const int Restarts = 8;

    private static readonly FlashMap Map = TestFlash.Map;

    private static readonly EspTable Table = new()
    {
        OtaData = OtaData,
        Slots = [new EspPartition("ota_0", 0x18000, 0x1000), new EspPartition("ota_1", 0x19000, 0x1000)],
        Revision = EspImageBuilder.ChipRevision,
    };

    private readonly SecureVersionFuse fuse = new();
    private RetainedMemory memory = new();
    private RuntimeSlots runtime = null!;

    /// <summary>A board with a complete firmware in slots 0 and another one in slots 1, that never booted.</summary>
    public PairDevice()
        : this(new NorFlash(0x1A000))
    {
        for (int slot = 0; slot < 2; slot++) Stage(slot, runtime: true, app: true);
    }

    private PairDevice(NorFlash flash) => Flash = flash;

    public NorFlash Flash { get; }

    public BootOutcome Outcome { get; private set; } = null!;

    public BootCalls Calls { get; private set; } = null!;

    public BootRecord Record => new BootRecords(new NorFlash(Flash.Snapshot()), Map).Load() ?? BootRecord.None;

    /// <summary>The pairs that may run; null = any.</summary>
    public IReadOnlyList<Pair>? Allowed { get; set; }

    public bool IsRuntimePending => runtime.IsPending;

    /// <summary>A board with the same flash, and without power until now.</summary>
    public static PairDevice From(byte[] content) => new(new NorFlash(content));

    /// <summary>Writes firmware into a slot, as an agent or a cable does.</summary>
    public void Stage(int slot, bool runtime, bool app, byte content = 1)
    {
        if (runtime) Put(Table.Slots[slot].Offset, EspImageBuilder.Build("valid", (uint)slot + content));
        if (app) Put(Map.Slot(slot), VirtualAssembly.Wrap([content, (byte)slot, 3, 4]));
    }

    /// <summary>A runtime that starts with its bytes damaged.</summary>
    public void DamageRuntime(int slot) => Flash.EraseSector(Table.Slots[slot].Offset);

    /// <summary>Resets the chip until something runs.</summary>
    public Pair Boot(ResetReason reset = ResetReason.PowerOn)
    {
        if (reset == ResetReason.PowerOn) memory = new RetainedMemory();
        for (int i = 0; i < Restarts; i++)
        {
            var started = EspBootloader.Boot(Flash, Table, fuse);
            Assert.IsNotNull(started, "no runtime starts");
            runtime = new RuntimeSlots(Flash, Table, Table.NumberOf(started));
            Outcome = BootSelector.Boot(Flash, Map, memory, reset, runtime);
            if (!Outcome.MustRestart) return Run();
            reset = ResetReason.Sw;
        }

        throw new AssertFailedException($"restarts for ever: {Record}");
    }

    /// <summary>Boots so often after a crash.</summary>
    public Pair Crash(int times, ResetReason reset = ResetReason.Panic)
    {
        var pair = default(Pair);
        for (int i = 0; i < times; i++) pair = Boot(reset);
        return pair;
    }

    /// <summary>Boots while runtime 1 crashes before its module; the number of its starts until runtime 0 runs.</summary>
    public int CrashBeforeModule(ResetReason crash)
    {
        var reset = ResetReason.Sw;
        for (int starts = 0; starts < 20; reset = crash)
        {
            var started = EspBootloader.Boot(Flash, Table, fuse)!;
            if (Table.NumberOf(started) == 1)
            {
                starts++;
                continue;
            }

            runtime = new RuntimeSlots(Flash, Table, 0);
            Outcome = BootSelector.Boot(Flash, Map, memory, reset, runtime);
            if (!Outcome.MustRestart) return starts;
        }

        throw new AssertFailedException($"starts for ever: {Record}");
    }

    /// <summary>The agent confirms a trial or acknowledges a revert.</summary>
    public void Confirm() => Assert.AreEqual(NativeModule.Ok, Calls.Confirm());

    public void Reject(int reason) => Assert.AreEqual(NativeModule.Ok, Calls.Reject(reason));

    public void Activate(bool withApp) => Assert.AreEqual(NativeModule.Ok, Calls.ActivateRuntime(withApp));

    /// <summary>Prepares the other runtime slot for staging.</summary>
    public void Release() => Assert.AreEqual(NativeModule.Ok, Calls.ReleaseRuntime());

    private Pair Run()
    {
        Assert.IsNotNull(Outcome.Slot, "no app starts");
        Calls = new BootCalls(Flash, Map, Outcome, runtime);
        Calls.NoteCall();
        var pair = new Pair(runtime.Running, Outcome.Slot.Value);
        if (Allowed != null) CollectionAssert.Contains(Allowed.ToList(), pair, $"{Record}");
        return pair;
    }

    private void Put(int offset, byte[] bytes)
    {
        Flash.EraseSector(offset);
        Flash.Program(offset, bytes);
    }
}
