namespace NanoOta.Cli.Fleet;

/// <summary>What is known of a device from its own words.</summary>
internal sealed class FleetDevice(string product, string device)
{
    private (long? Number, long? Up)? lastEvent;

    /// <summary>Product and device as levels of a topic, with a slash between.</summary>
    public string Name { get; } = $"{product}/{device}";

    /// <summary>Whether it is there; null: the broker has not said since it was connected to.</summary>
    public bool? IsOnline { get; set; }

    /// <summary>Version that runs; null when it is not known.</summary>
    public string? Version { get; private set; }

    /// <summary>Version of the last offer; null when there was none.</summary>
    public string? Offered { get; private set; }

    /// <summary>What the boot record says.</summary>
    public string? State { get; private set; }

    /// <summary>What the agent does.</summary>
    public string? Phase { get; private set; }

    /// <summary>The last error; 0 = none.</summary>
    public long Error { get; private set; }

    /// <summary>What the update waits for; 0 = nothing.</summary>
    public long WaitsFor { get; private set; }

    /// <summary>Whether it is paused by command.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>Share of the image that lies in the slot, in percent; null when nothing is fetched.</summary>
    public int? Percent { get; private set; }

    /// <summary>Seconds left of the download; null when there is no telling.</summary>
    public long? SecondsLeft { get; private set; }

    /// <summary>Whether it told that this version runs and is confirmed.</summary>
    public bool HasConfirmed(string version) => Version == version && State == "confirmed" && IsOnline == true;

    /// <summary>Takes what a message says.</summary>
    /// <returns>False when the same was said before: with QoS 1 anything may come twice.</returns>
    public bool Take(DeviceMessage message)
    {
        switch (message.Kind)
        {
            case "status": return TakeStatus(message);
            case "progress": return TakeProgress(message);
            default: return TakeEvent(message);
        }
    }

    private bool TakeStatus(DeviceMessage status)
    {
        IsOnline = status.Number("on") == 1;
        if (IsOnline == false)
        {
            Percent = null;
            return true;
        }

        Version = status.Text("ver");
        Offered = status.Text("offer");
        State = status.Text("state");
        Phase = status.Text("phase");
        Error = status.Number("err") ?? 0;
        WaitsFor = status.Number("why") ?? 0;
        IsPaused = status.Number("pause") == 1;
        if (Phase is "settle" or "trial" or "confirm" or "reject" or "idle" or "reboot") Percent = null;
        return true;
    }

    private bool TakeProgress(DeviceMessage progress)
    {
        if (progress.Number("done") is not { } done || progress.Number("size") is not { } size || size < 1 || done > size) return false;
        Percent = (int)((double)done / size * 100);
        SecondsLeft = progress.Number("left");
        return true;
    }

    private bool TakeEvent(DeviceMessage e)
    {
        var told = (e.Number("n"), e.Number("up"));
        bool isRepeated = told == lastEvent;
        lastEvent = told;
        return !isRepeated;
    }
}
