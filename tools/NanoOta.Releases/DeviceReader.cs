namespace NanoOta.Releases;

/// <summary>The agent's own reader of manifests, on the host: what it refuses, every device refuses.</summary>
internal static class DeviceReader
{
    /// <summary>Reads a manifest as a device does that trusts these keys.</summary>
    /// <exception cref="ReleaseException">A device would refuse it; the message has the error number.</exception>
    public static Manifest Read(byte[] file, IReadOnlyList<PublicKey> trusted)
    {
        var crypto = new HostCrypto();
        var reader = new ManifestReader(new TrustedKeys([.. trusted.Select(key => key.Base64)], crypto), crypto, runtime: null);
        var error = reader.Read(file, file.Length, out var manifest);
        return error == UpdateError.None ? manifest
            : throw new ReleaseException($"devices refuse it: {(int)error}, {UpdateErrors.Text(error)}");
    }
}
