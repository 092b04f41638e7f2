using NanoOta.Cli.Device;

namespace NanoOta.Cli.Scenarios;

/// <summary>Power fails when the device reports an event.</summary>
/// <param name="At">Kind of the event.</param>
/// <param name="Percent">Least part of the image in the slot at that event.</param>
/// <param name="Times">How many times in one run.</param>
internal sealed record PowerFailure(string At, int Percent = 0, int Times = 1);

/// <summary>The power failures of one run.</summary>
internal sealed class PowerFailures(params PowerFailure[] planned)
{
    private readonly int[] done = new int[planned.Length];

    /// <summary>The failures that happened, each with its event.</summary>
    public List<string> Done { get; } = [];

    public void On(DeviceEvent e, IDeviceControl device)
    {
        for (int i = 0; i < planned.Length; i++)
        {
            if (done[i] == planned[i].Times || e.Event != planned[i].At) continue;
            if (100L * (e.Staged ?? 0) < (long)planned[i].Percent * (e.Size ?? 0)) continue;
            done[i]++;
            Done.Add(e.Event);
            device.CutPower();
            return;
        }
    }
}
