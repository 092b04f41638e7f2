using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Simulation;

/// <summary>Sectors of one device that wear out: from then on their content does not change.</summary>
internal sealed class FaultWear(SimDevice device, Random random)
{
    private static readonly UpdateError[] Numbers =
    [
        UpdateError.FlashEraseFailed, UpdateError.FlashWriteFailed, UpdateError.ActivateFailed, UpdateError.JournalFailed,
        UpdateError.BootRecordFailed,
    ];

    /// <summary>Numbers of the sectors.</summary>
    public HashSet<int> Sectors { get; } = [];

    /// <summary>Whether a copy of the boot record is among them.</summary>
    public bool HasRecord { get; private set; }

    /// <summary>Whether a copy of the journal is among them.</summary>
    public bool HasJournal { get; private set; }

    /// <summary>Whether an error reports worn flash.</summary>
    public static bool IsReportedBy(UpdateError error) => Array.IndexOf(Numbers, error) >= 0;

    public void Strike(FaultKind kind)
    {
        var map = SimDevice.Map;
        int offset = kind switch
        {
            FaultKind.WornSlot => map.Slot(random.Next(2)) + random.Next(SimDevice.SlotSectors) * 4096,
            FaultKind.WornIndex => map.Index(random.Next(2)),
            FaultKind.WornJournal => map.Records + FlashLayout.Journal + random.Next(2) * 4096,
            _ => map.Records + FlashLayout.BootRecord + random.Next(2) * 4096,
        };
        HasRecord |= kind == FaultKind.WornRecord;
        HasJournal |= kind == FaultKind.WornJournal;
        Sectors.Add(offset / 4096);
        device.Flash.WearOut(offset);
    }
}
