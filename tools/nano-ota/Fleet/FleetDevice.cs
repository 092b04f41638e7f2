namespace NanoOta.Cli.Fleet;

/// <summary>State of a device, from its messages.</summary>
internal sealed class FleetDevice(string product, string device)
{
    private (long? Number, long? Up)? lastEvent;

    /// <summary>Product and device as levels of a topic, with a slash between.</summary>
    public string Name { get; } = $"{product}/{device}";

    /// <summary>Whether it is online; null = unknown since the connection to the broker.</summary>
    public bool? IsOnline { get; set; }

    /// <summary>Version that runs; null = unknown.</summary>
    public string? Version { get; private set; }

    /// <summary>Version of the last offer; null = none.</summary>
    public string? Offered { get; private set; }

    /// <summary>State in the boot record.</summary>
    public string? State { get; private set; }

    /// <summary>Phase of the agent.</summary>
    public string? Phase { get; private set; }

    /// <summary>The last error; 0 = none.</summary>
    public long Error { get; private set; }

    /// <summary>Code of what the update waits for; 0 = nothing.</summary>
    public long WaitsFor { get; private set; }

    /// <summary>Whether it is paused by command.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>Share of the image in the slot, in percent; null = no download.</summary>
    public int? Percent { get; private set; }

    /// <summary>Seconds left of the download; null = unknown.</summary>
    public long? SecondsLeft { get; private set; }

    /// <summary>Whether it is online and this version is confirmed.</summary>
    public bool HasConfirmed(string version) => Version == version && State == "confirmed" && IsOnline == true;

    /// <summary>What the update waits for, or the last error, as text; empty = neither.</summary>
    public string Problem()
    {
        var parts = new List<string>();
        if (IsPaused) parts.Add("paused");
        if (WaitsFor != 0) parts.Add("waits: " + ErrorText.Of(WaitsFor));
        else if (Error != 0) parts.Add(ErrorText.Of(Error));
        return string.Join(", ", parts);
    }

    /// <summary>Updates the state from a message.</summary>
    /// <returns>False for a duplicate: QoS 1 may deliver a message twice.</returns>
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
        var number = (e.Number("n"), e.Number("up"));
        bool isRepeated = number == lastEvent;
        lastEvent = number;
        return !isRepeated;
    }
}
