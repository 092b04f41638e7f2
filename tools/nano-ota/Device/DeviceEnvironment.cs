using System.Globalization;
using NanoOta.VirtualDevice;

namespace NanoOta.Cli.Device;

/// <summary>Settings and hardware of a virtual device; its firmware reads them as environment variables (SPEC.md, section 6).</summary>
/// <param name="Offer">Address of the releases.</param>
public sealed record DeviceEnvironment(string Offer)
{
    /// <summary>The default: an external supply, not a battery.</summary>
    public const string ExternalSupply = "external";

    /// <summary>Device id; empty = none.</summary>
    public string Id { get; init; } = "";

    /// <summary>Millivolts, <see cref="ExternalSupply"/>, or the path of a file with one of the two, which may change.</summary>
    public string Supply { get; init; } = ExternalSupply;

    /// <summary>Trust and credentials for the server.</summary>
    public ServerTrust Server { get; init; } = new();

    /// <summary>The broker, for firmware with NanoOta.Mqtt.</summary>
    public DeviceBroker Broker { get; init; } = new();

    /// <summary>Seconds between two checks for a release, on average.</summary>
    public int CheckSeconds { get; init; } = 1;

    /// <summary>The native assemblies of the runtime.</summary>
    public IReadOnlyList<NativeAssembly> Natives { get; init; } = [NativeAssembly.OfModule];

    internal Dictionary<string, string> Settings => new()
    {
        ["NANO_OTA_ADDRESS"] = Offer,
        ["NANO_OTA_DEVICE_ID"] = Id,
        ["NANO_OTA_SUPPLY"] = Supply,
        ["NANO_OTA_CA"] = Server.Authorities,
        ["NANO_OTA_HEADER"] = Server.Header,
        ["NANO_OTA_USER"] = Server.User,
        ["NANO_OTA_BROKER"] = Broker.Address,
        ["NANO_OTA_COMMAND_KEY"] = Broker.CommandKeys,
        ["NANO_OTA_COMMAND_TOKEN"] = Broker.Token,
        ["NANO_OTA_CHECK_SECONDS"] = CheckSeconds.ToString(CultureInfo.InvariantCulture),
    };
}
