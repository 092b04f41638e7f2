using System.Globalization;
using NanoOta.VirtualDevice;

namespace NanoOta.Cli.Device;

/// <summary>What a virtual device is, and finds around it; its firmware gets it as settings (SPEC.md, section 6).</summary>
/// <param name="Offer">Address of the releases.</param>
public sealed record Surroundings(string Offer)
{
    /// <summary>The supply when nothing else is said: one that does not run empty.</summary>
    public const string ExternalSupply = "external";

    /// <summary>Tells it from the other devices; empty: it has no id.</summary>
    public string Id { get; init; } = "";

    /// <summary>Millivolts, <see cref="ExternalSupply"/>, or the path of a file that holds one of the two and may change.</summary>
    public string Supply { get; init; } = ExternalSupply;

    /// <summary>What its firmware knows of the server.</summary>
    public ServerTrust Server { get; init; } = new();

    /// <summary>What its firmware knows of the broker, if it can speak with one.</summary>
    public DeviceBroker Broker { get; init; } = new();

    /// <summary>Seconds between two looks for a release, on average.</summary>
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
