namespace NanoOta.Cli.Fleet;

/// <summary>Shows a fleet. Called from one thread at a time.</summary>
internal interface IFleetView
{
    /// <summary>Shows the fleet while an action runs.</summary>
    Task ShowAsync(FleetState fleet, Func<Task> watch);

    /// <summary>A device sent a message that is not a duplicate.</summary>
    void On(FleetDevice device, DeviceMessage message, bool isRetained);

    /// <summary>The connection to the broker has changed.</summary>
    void OnBroker(bool isConnected, string text);
}
