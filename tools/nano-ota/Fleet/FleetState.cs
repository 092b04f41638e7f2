namespace NanoOta.Cli.Fleet;

/// <summary>All devices that sent a message. For one thread at a time.</summary>
internal sealed class FleetState
{
    /// <summary>Limit of devices: a client with the right to publish can invent any number.</summary>
    public const int MaxDevices = 10_000;

    private readonly Dictionary<string, FleetDevice> devices = [];

    /// <summary>The devices, unordered.</summary>
    public IReadOnlyCollection<FleetDevice> Devices => devices.Values;

    /// <summary>Messages that were dropped: not valid, or of devices above the limit.</summary>
    public int Dropped { get; private set; }

    /// <summary>Updates a device from a message.</summary>
    /// <returns>The message and its device; null if the message is invalid or a duplicate.</returns>
    public (FleetDevice Device, DeviceMessage Message)? Take(BrokerMessage received)
    {
        if (!DeviceMessage.TryRead(received, out var message))
        {
            Dropped++;
            return null;
        }

        var name = $"{message.Product}/{message.Device}";
        if (message.IsRemoval)
            return message.Kind == "status" && devices.Remove(name, out var removed) ? (removed, message) : null;
        if (!devices.TryGetValue(name, out var device))
        {
            if (devices.Count >= MaxDevices)
            {
                Dropped++;
                return null;
            }

            devices[name] = device = new FleetDevice(message.Product, message.Device);
        }

        return device.Take(message) ? (device, message) : null;
    }

    /// <summary>Marks all devices as unknown: the connection to the broker is lost.</summary>
    public void Disconnect()
    {
        foreach (var device in devices.Values) device.IsOnline = null;
    }
}
