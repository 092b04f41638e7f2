using NanoOta.Cli.Device;
using NanoOta.VirtualDevice;

namespace NanoOta.Cli.Demo;

/// <summary>The step of an update in which power is cut.</summary>
internal enum CutStep
{
    Staging,
    BootRecord,
    Trial,
}

/// <summary>Cuts power three times in one update: once in each <see cref="CutStep"/>.</summary>
internal sealed class PowerCuts(FlashMap map)
{
    private readonly List<CutStep> done = [];
    private CutStep? next;

    /// <summary>The cuts that happened, in order.</summary>
    public IReadOnlyList<CutStep> Done => done;

    public void On(DeviceEvent e, DeviceRun run, NorFlash flash)
    {
        if (e is { Event: "reboot", Reset: ResetReason.PowerOn } && next is { } step) done.Add(step);
        if (e.Event == "boot" && done.Count < 2) Arm(flash);
        if (e.Event == "trial" && done.Count == 2)
        {
            next = CutStep.Trial;
            run.CutPower();
        }
        else if (done.Count == 3) next = null;
    }

    // Inside an operation, not between two: the sector is left with some bits programmed and others not.
    private void Arm(NorFlash flash)
    {
        bool inRecord = done.Count == 1;
        next = inRecord ? CutStep.BootRecord : CutStep.Staging;
        int first = inRecord ? map.Records : Math.Min(map.Slot0, map.Slot1);
        int end = inRecord ? map.Records + 2 * NorFlash.SectorSize : Math.Max(map.Slot0, map.Slot1) + map.SlotSize;
        flash.Arm(new PowerCut(op => op.Kind == FlashOperationKind.Program && op.Offset >= first && op.Offset < end
            && (inRecord || op.Number > 10) ? CutMoment.Torn : CutMoment.None));
    }
}
