namespace NanoOta.Releases;

/// <summary>Compares the identity in a real image with that of its release. Real assemblies are built before they are packed, so the two
/// can differ. Then a device would reject every later release, or report the version of another one.</summary>
public static class IdentityCheck
{
    /// <summary>Checks version, product, board, chip and trusted keys of the assembly <see cref="IdentityAssembly.Name"/>. It ignores
    /// values that are not plain constants.</summary>
    /// <param name="image">An image of real assemblies.</param>
    /// <param name="release">The expected identity.</param>
    /// <param name="source">Its path for messages.</param>
    /// <exception cref="ReleaseException">The image has no identity, or another one.</exception>
    public static void Run(AppImage image, AppIdentity release, string source)
    {
        var found = image.Assemblies.FirstOrDefault(a => a.Name == IdentityAssembly.Name)
            ?? throw new ReleaseException($"{source}: has no {IdentityAssembly.Name}, so a device with it could never install "
                + "an update again; use that assembly in the app, or give --no-identity");
        var metadata = found.Metadata!;
        Compare("Version", release.Version);
        Compare("Product", release.Product);
        Compare("Board", release.Board);
        // A device does not compare an empty chip.
        if (metadata.ConstantOf("Chip") != "") Compare("Chip", release.Hardware.Chip);
        foreach (var key in release.TrustedKeys.Where(key => !metadata.HasString(key.Base64)))
            throw new ReleaseException($"{source}: {found.Name} does not trust the key {Convert.ToHexStringLower(key.Id)}; "
                + $"give the keys that this firmware trusts with --trust, or {Remedy}");

        void Compare(string method, string expected)
        {
            if (metadata.ConstantOf(method) is { } text && text != expected)
                throw new ReleaseException($"{source}: the {method.ToLowerInvariant()} in {found.Name} is '{text}', but that of the "
                    + $"release is '{expected}'; {Remedy}");
        }
    }

    private const string Remedy = "generate it with 'nano-ota identity' and build the app again";
}
