using NanoOta.Releases;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Core;

/// <summary>Reads manifests as a device does that trusts the tests' shared key.</summary>
internal static class ManifestReading
{
    public static UpdateError Read(byte[] file, out Manifest? manifest, SlotDescriptor? running = null)
    {
        var crypto = new HostCrypto();
        var keys = new TrustedKeys([TestManifest.SharedKey.Base64], crypto);
        var reader = new ManifestReader(keys, crypto, runtime: null!, new HttpReleaseSource(), running!);
        var buffer = new byte[Math.Max(Manifest.MaxLength, file.Length)];
        file.CopyTo(buffer, 0);
        return reader.Read(buffer, file.Length, out manifest);
    }

    public static void Refuses(UpdateError expected, byte[] file)
    {
        Assert.AreEqual(expected, Read(file, out var manifest), Convert.ToHexString(file));
        Assert.IsNull(manifest);
    }

    public static void Refuses(UpdateError expected, TestManifest manifest) => Refuses(expected, manifest.Sign());

    public static void RefusesChange(UpdateError expected, Action<List<(object Key, object Value)>> change) =>
        Refuses(expected, new TestManifest { Change = change });
}
