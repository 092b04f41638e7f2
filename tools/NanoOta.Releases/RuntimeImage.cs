namespace NanoOta.Releases;

/// <summary>The runtime image of a release: a nanoCLR that <see cref="EspImage.CheckRuntime"/> accepts.</summary>
/// <param name="bytes">The file; the image keeps it.</param>
/// <param name="natives">Native checksums of its native assemblies, as <see cref="NativeAssemblies.Checksums"/> gives them.</param>
public sealed class RuntimeImage(byte[] bytes, byte[] natives) : ReleaseImage(ManifestImage.Runtime, bytes)
{
    /// <summary>The native checksums of its native assemblies (SPEC.md, section 2).</summary>
    public byte[] Natives => natives;
}
