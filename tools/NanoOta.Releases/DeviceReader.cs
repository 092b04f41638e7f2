namespace NanoOta.Releases;

/// <summary>The agent's manifest reader on the host: every device rejects what it rejects.</summary>
internal static class DeviceReader
{
    /// <summary>Reads a manifest like a device that trusts these keys.</summary>
    /// <exception cref="ReleaseException">Devices reject it; the message has the error number.</exception>
    public static Manifest Read(byte[] file, IReadOnlyList<PublicKey> trusted)
    {
        var crypto = new HostCrypto();
        var reader = new ManifestReader(new TrustedKeys([.. trusted.Select(key => key.Base64)], crypto), crypto, runtime: null);
        var error = reader.Read(file, file.Length, out var manifest);
        return error == UpdateError.None ? manifest
            : throw new ReleaseException($"devices reject it: {(int)error}, {UpdateErrors.Text(error)}");
    }
}
