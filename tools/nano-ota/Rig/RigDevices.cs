using System.CommandLine;
using NanoOta.Releases;

namespace NanoOta.Cli.Rig;

/// <summary>The options for the devices of a rig.</summary>
internal sealed class RigDevices
{
    private readonly Option<string?> file = CommonOptions.Of<string?>("--file", "FILE",
        $"Device file [default: {DeviceFile.DefaultName}, if it exists; else the virtual device]");

    private readonly Option<string[]> device = new("--device")
    {
        Description = $"Device of the file, or '{VirtualDeviceUnderTest.Name}'; may be repeated [default: all of the file]",
        HelpName = "ID",
        Arity = ArgumentArity.OneOrMore,
    };

    public void AddTo(Command command)
    {
        command.Add(file);
        command.Add(device);
    }

    /// <summary>The entries of the file.</summary>
    /// <exception cref="ReleaseException">The file is wrong.</exception>
    public IReadOnlyList<DeviceEntry> ReadFile(ParseResult result)
    {
        var path = result.GetValue(file) ?? (File.Exists(DeviceFile.DefaultName) ? DeviceFile.DefaultName : null);
        return path == null ? [] : DeviceFile.Read(path);
    }

    /// <summary>The chosen devices; null stands for the virtual device.</summary>
    /// <exception cref="ReleaseException">The file is wrong, or has no such device.</exception>
    public IReadOnlyList<DeviceEntry?> Read(ParseResult result)
    {
        var entries = ReadFile(result);
        var ids = result.GetValue(device) ?? [];
        if (ids.Length == 0) return entries.Count == 0 ? [null] : [.. entries];
        return [.. ids.Distinct().Select(id => id == VirtualDeviceUnderTest.Name ? null : Find(entries, id))];
    }

    /// <summary>A device of the file.</summary>
    /// <exception cref="ReleaseException">There is none.</exception>
    public static DeviceEntry Find(IReadOnlyList<DeviceEntry> entries, string id) => entries.FirstOrDefault(entry => entry.Id == id)
        ?? throw new ReleaseException($"there is no device '{id}'; give one of "
            + string.Join(", ", entries.Select(entry => entry.Id).Append(VirtualDeviceUnderTest.Name)));
}
