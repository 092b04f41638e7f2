namespace NanoOta.Cli.Fleet;

/// <summary>All devices that were heard of. For one thread at a time.</summary>
internal sealed class FleetState
{
    /// <summary>Devices at most: anybody who may publish could make up more.</summary>
    public const int MaxDevices = 10_000;

    private readonly Dictionary<string, FleetDevice> devices = [];

    /// <summary>The devices, in no order.</summary>
    public IReadOnlyCollection<FleetDevice> Devices => devices.Values;

    /// <summary>Messages that were passed over: not well formed, or of more devices than fit.</summary>
    public int PassedOver { get; private set; }

    /// <summary>Takes a message.</summary>
    /// <returns>What was said and the device that said it; null when it is not news.</returns>
    public (FleetDevice Device, DeviceMessage Message)? Take(BrokerMessage received)
    {
        if (!DeviceMessage.TryRead(received, out var message))
        {
            PassedOver++;
            return null;
        }

        var name = $"{message.Product}/{message.Device}";
        if (message.IsRemoval)
            return message.Kind == "status" && devices.Remove(name, out var removed) ? (removed, message) : null;
        if (!devices.TryGetValue(name, out var device))
        {
            if (devices.Count >= MaxDevices)
            {
                PassedOver++;
                return null;
            }

            devices[name] = device = new FleetDevice(message.Product, message.Device);
        }

        return device.Take(message) ? (device, message) : null;
    }

    /// <summary>Forgets who is there: the broker is gone.</summary>
    public void Lose()
    {
        foreach (var device in devices.Values) device.IsOnline = null;
    }
}
