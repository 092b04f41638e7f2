using NanoOta.Cli.Device;
using NanoOta.VirtualDevice;

namespace NanoOta.Cli.Demo;

/// <summary>Cuts power three times in one update: while staging, while the boot record is written, and in the trial.</summary>
internal sealed class PowerCuts(FlashMap map)
{
    private readonly List<string> cuts = [];
    private string? next;

    /// <summary>What was cut, in the order in which it happened.</summary>
    public IReadOnlyList<string> Cuts => cuts;

    public void On(DeviceEvent e, DeviceRun run, NorFlash flash)
    {
        if (e is { Event: "reboot", Reason: "power failed" } && next != null) cuts.Add(next);
        if (e.Event == "boot" && cuts.Count < 2) Arm(flash);
        if (e.Event == "trial" && cuts.Count == 2)
        {
            next = "in the trial";
            run.CutPower();
        }
        else if (cuts.Count == 3) next = null;
    }

    // Inside an operation, not between two: the sector is left with some bits done and others not.
    private void Arm(NorFlash flash)
    {
        bool inRecord = cuts.Count == 1;
        next = inRecord ? "in the boot record" : "while staging";
        int first = inRecord ? map.Records : Math.Min(map.Slot0, map.Slot1);
        int end = inRecord ? map.Records + 2 * NorFlash.SectorSize : Math.Max(map.Slot0, map.Slot1) + map.SlotSize;
        flash.Arm(new PowerCut(op => op.Kind == FlashOperationKind.Program && op.Offset >= first && op.Offset < end
            && (inRecord || op.Number > 10) ? CutMoment.Torn : CutMoment.None));
    }
}
