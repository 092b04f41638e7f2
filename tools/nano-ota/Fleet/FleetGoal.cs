using NanoOta.Releases;

namespace NanoOta.Cli.Fleet;

/// <summary>The state that ends a watch: a number of devices has a version confirmed.</summary>
internal sealed record FleetGoal(string Version, int Devices)
{
    private const string Form = "confirmed:";

    /// <exception cref="ReleaseException">The text is not a goal, or the number is out of range.</exception>
    public static FleetGoal Parse(string text, int devices)
    {
        if (!text.StartsWith(Form, StringComparison.Ordinal) || text.Length == Form.Length)
            throw new ReleaseException($"--until '{text}' is not a state; give confirmed:VERSION, such as confirmed:1.1.0");
        return devices is >= 1 and <= FleetState.MaxDevices ? new FleetGoal(text[Form.Length..], devices)
            : throw new ReleaseException($"--devices {devices} is out of range; give 1 to {FleetState.MaxDevices}");
    }

    /// <summary>Whether the goal is reached.</summary>
    public bool IsReached(FleetState fleet) =>
        fleet.Devices.Count >= Devices && fleet.Devices.Count(device => device.HasConfirmed(Version)) >= Devices;
}
