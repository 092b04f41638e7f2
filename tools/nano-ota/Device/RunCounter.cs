using System.Diagnostics;

namespace NanoOta.Cli.Device;

/// <summary>Adds to the events of one run what is counted over all of its boots: boots, milliseconds and bytes fetched.</summary>
internal sealed class RunCounter
{
    private readonly Stopwatch time = Stopwatch.StartNew();
    private string version = "";
    private int bytesBefore, bytesNow;

    /// <summary>Boots so far.</summary>
    public int Boots { get; private set; }

    /// <summary>Bytes of images fetched so far, over all boots.</summary>
    public int BytesFetched => bytesBefore + bytesNow;

    /// <summary>Counts a boot; to be called before its event.</summary>
    public void CountBoot()
    {
        Boots++;
        bytesBefore += bytesNow;
        bytesNow = 0;
    }

    /// <summary>An event of the agent. The agent counts bytes from its last boot; a run counts over all boots.</summary>
    public DeviceEvent OfAgent(DeviceEvent e)
    {
        if (e is { Event: "offer" } && e.Version != version)
        {
            version = e.Version!;
            bytesBefore = 0;
        }

        bytesNow = e.Bytes ?? bytesNow;
        return Complete(e with { Bytes = BytesFetched, Reason = e is { Event: "reboot" } ? "by the agent" : e.Reason });
    }

    /// <summary>Any event: adds boots and time.</summary>
    public DeviceEvent Complete(DeviceEvent e) => e with { Boots = Boots, Ms = time.ElapsedMilliseconds };
}
