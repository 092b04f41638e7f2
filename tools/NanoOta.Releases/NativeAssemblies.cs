using System.Globalization;
using System.Text.RegularExpressions;

namespace NanoOta.Releases;

/// <summary>The native assemblies of a firmware: the <c>native_assemblies.csv</c> that a build of nanoCLR writes and its packages contain.
/// A line is NAME,VERSION,0xCHECKSUM; there is no header.</summary>
public sealed partial class NativeAssemblies
{
    private const string Remedy = "give the native_assemblies.csv of the device's firmware";

    /// <summary>Maximum number of characters of a wrong line in a message.</summary>
    private const int MaxShown = 60;

    private readonly Dictionary<string, uint> checksums = [];
    private readonly string file;

    private NativeAssemblies(string file) => this.file = file;

    /// <summary>Reads a list.</summary>
    /// <exception cref="ReleaseException">The file is missing, or a line is invalid.</exception>
    public static NativeAssemblies Load(string file)
    {
        var list = new NativeAssemblies(file);
        int number = 0;
        foreach (var line in InputPath.Text(file, "list of native assemblies", Remedy).Split('\n'))
        {
            number++;
            if (line.Trim().Length > 0) list.Add(line.Trim(), number);
        }

        return list.checksums.Count > 0 ? list : throw new ReleaseException($"{file}: is empty; {Remedy}");
    }

    /// <summary>The checksums, as the manifest of a release with this firmware has them (SPEC.md, section 2): each once, in ascending
    /// order.</summary>
    /// <exception cref="ReleaseException">There are none, or too many.</exception>
    public byte[] Checksums
    {
        get
        {
            uint[] sorted = [.. checksums.Values.Where(checksum => checksum != 0).Distinct().Order()];
            return sorted.Length is >= 1 and <= ManifestImage.MaxNatives ? [.. sorted.SelectMany(BitConverter.GetBytes)]
                : throw new ReleaseException($"{file}: has {sorted.Length} native checksums, but a release has room for 1 to "
                    + $"{ManifestImage.MaxNatives}; {Remedy}");
        }
    }

    /// <summary>Checks that the firmware has native assemblies with these names and checksums.</summary>
    /// <exception cref="ReleaseException">One is missing, or has another checksum.</exception>
    public void Check(IEnumerable<NativeNeed> needs)
    {
        foreach (var need in needs)
        {
            bool listed = checksums.TryGetValue(need.Assembly, out uint there);
            if (there == need.Checksum) continue;
            throw new ReleaseException($"--needs: {need.Assembly} with the native checksum {need.Checksum:X8} is needed, but the firmware of "
                + $"{file} has {(listed ? $"{there:X8}" : "no native code for it")}; {Remedy}");
        }
    }

    /// <summary>Checks that the firmware has the native code of every assembly that needs it, with the same checksum. nanoCLR compares the
    /// checksums of equal names, so it also rejects an assembly without native methods if it has native code of that name.</summary>
    /// <param name="image">An image of real assemblies.</param>
    /// <param name="source">Its path for messages.</param>
    /// <exception cref="ReleaseException">nanoCLR would not load an assembly, or its native methods would fail.</exception>
    public void Check(AppImage image, string source)
    {
        foreach (var assembly in image.Assemblies)
        {
            bool listed = checksums.TryGetValue(assembly.Name, out uint there);
            if (there == assembly.NativeChecksum) continue;
            var needs = $"{source}: {assembly.Name} {assembly.Version} needs the native checksum {assembly.NativeChecksum:X8}, but ";
            throw new ReleaseException(needs + (listed
                ? $"the firmware of {file} has {there:X8}; use the package version for this firmware, or other firmware"
                : $"the firmware of {file} has no native code for it; build the firmware with it"));
        }
    }

    private void Add(string line, int number)
    {
        var match = Line().Match(line);
        if (!match.Success)
            throw new ReleaseException($"{file}({number}): '{(line.Length > MaxShown ? line[..MaxShown] + "…" : line)}' is not "
                + $"NAME,VERSION,0xCHECKSUM; {Remedy}");
        uint checksum = uint.Parse(match.Groups["checksum"].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var name = match.Groups["name"].Value;
        if (!checksums.TryAdd(name, checksum) && checksums[name] != checksum)
            throw new ReleaseException($"{file}({number}): duplicate {name} with another checksum; remove the wrong line");
    }

    [GeneratedRegex(@"^(?<name>[^,\s]+),[0-9]+(\.[0-9]+){3},0x(?<checksum>[0-9A-Fa-f]{1,8})\z")]
    private static partial Regex Line();
}
