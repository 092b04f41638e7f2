namespace NanoOta.Releases;

/// <summary>
/// Compares what a real image says about itself with the release that it is to be. Real assemblies are built before they are
/// packed, so the two can differ, and then a device would refuse every later release, or be taken for one with another.
/// </summary>
public static class IdentityCheck
{
    /// <summary>
    /// Checks version, product, board, chip and trusted keys of the assembly <see cref="IdentityAssembly.Name"/>. What is not a plain
    /// constant there is not compared.
    /// </summary>
    /// <param name="image">An image of real assemblies.</param>
    /// <param name="release">What it must say.</param>
    /// <param name="source">Where it comes from, for messages.</param>
    /// <exception cref="ReleaseException">It says nothing, or something else.</exception>
    public static void Run(AppImage image, AppIdentity release, string source)
    {
        var found = image.Assemblies.FirstOrDefault(a => a.Name == IdentityAssembly.Name)
            ?? throw new ReleaseException($"{source}: has no {IdentityAssembly.Name}, so a device with it could never take an "
                + "update again; let the app use that assembly, or give --no-identity");
        var metadata = found.Metadata!;
        Compare("Version", release.Version);
        Compare("Product", release.Product);
        Compare("Board", release.Board);
        // A device does not compare a chip that is empty.
        if (metadata.ConstantOf("Chip") != "") Compare("Chip", release.Hardware.Chip);
        foreach (var key in release.TrustedKeys.Where(key => !metadata.HasString(key.Base64)))
            throw new ReleaseException($"{source}: {found.Name} does not trust the key {Convert.ToHexStringLower(key.Id)}; give "
                + $"with --trust the keys that this firmware trusts, or {Remedy}");

        void Compare(string method, string expected)
        {
            if (metadata.ConstantOf(method) is { } text && text != expected)
                throw new ReleaseException($"{source}: the {method.ToLowerInvariant()} in {found.Name} is '{text}', but that of the "
                    + $"release '{expected}'; {Remedy}");
        }
    }

    private const string Remedy = "make it right with 'nano-ota identity' and build the app again";
}
