using NanoOta.VirtualDevice;

namespace NanoOta.Tests.VirtualDevice;

/// <summary>A flash with slots of two sectors, small enough to copy thousands of times.</summary>
internal static class TestFlash
{
    public static readonly FlashMap Map = new(Slot0: 0, Slot1: 0x2000, SlotSize: 0x2000, Records: 0x4000);

    public const int Size = 0x4000 + FlashLayout.MinimumSize;

    /// <summary>A flash in which the named slots begin with a plausible assembly, with this record if any.</summary>
    public static NorFlash With(BootRecord? record, params int[] plausibleSlots)
    {
        var flash = new NorFlash(Size);
        foreach (int slot in plausibleSlots) flash.Program(Map.Slot(slot), VirtualAssembly.Wrap([1, 2, 3, 4]));
        if (record != null) flash.Program(Map.Records, (record with { Sequence = 7 }).Encode());
        return flash;
    }

    /// <summary>Fingerprint of the assembly in a slot that <see cref="With"/> has made plausible.</summary>
    public static uint Fingerprint { get; } = new BootImage(With(null, 0), Map, 0).Fingerprint;

    /// <summary>The memory of a chip whose firmware, that assembly, has crashed so often.</summary>
    public static RetainedMemory AfterCrashes(byte count)
    {
        var memory = new RetainedMemory();
        memory.Save(new Retained { Fingerprint = Fingerprint, Crashes = count });
        return memory;
    }

    public static NorFlash Copy(NorFlash flash) => new(flash.Snapshot());

    public static BootRecord? RecordIn(NorFlash flash) => new BootRecords(Copy(flash), Map).Load();

    /// <summary>Boots after a reset of firmware that had called the module, unless the memory has another state; then the firmware calls it.</summary>
    public static BootOutcome Boot(NorFlash flash, ResetReason reset = ResetReason.PowerOn, RetainedMemory? memory = null)
    {
        var boot = BootSelector.Boot(flash, Map, memory ?? AfterCrashes(0), reset);
        if (boot.Slot != null) new BootCalls(flash, Map, boot).NoteCall();
        return boot;
    }

    public static BootRecord Trial(int boots = 1, int blips = 0) => new()
    {
        Chosen = 1,
        Previous = 0,
        State = BootState.Trial,
        TrialBoots = (byte)boots,
        PowerBlips = (byte)blips,
    };
}
