using NanoOta.Releases;

namespace NanoOta.Cli.Fleet;

/// <summary>What a watch ends with: so many devices run a version that is confirmed.</summary>
internal sealed record FleetGoal(string Version, int Devices)
{
    private const string Form = "confirmed:";

    /// <exception cref="ReleaseException">The text is no goal, or the number is none of a fleet.</exception>
    public static FleetGoal Parse(string text, int devices)
    {
        if (!text.StartsWith(Form, StringComparison.Ordinal) || text.Length == Form.Length)
            throw new ReleaseException($"--until '{text}' is not known; give confirmed:VERSION, such as confirmed:1.1.0");
        return devices is >= 1 and <= FleetState.MaxDevices ? new FleetGoal(text[Form.Length..], devices)
            : throw new ReleaseException($"--devices {devices} is out of range; give 1 to {FleetState.MaxDevices}");
    }

    /// <summary>Whether it is reached.</summary>
    public bool IsReached(FleetState fleet) =>
        fleet.Devices.Count >= Devices && fleet.Devices.Count(device => device.HasConfirmed(Version)) >= Devices;
}
