using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Security.Cryptography.Cose;

namespace NanoOta.Releases;

/// <summary>Writes manifests: deterministic CBOR in a COSE_Sign1 (SPEC.md, section 2).</summary>
public static class ManifestWriter
{
    /// <summary>Encodes and signs a manifest.</summary>
    /// <exception cref="ReleaseException">A field is invalid, or the result is too large.</exception>
    public static byte[] Sign(ReleaseManifest manifest, SigningKey key)
    {
        var headers = new CoseHeaderMap { { CoseHeaderLabel.KeyIdentifier, key.Public.Id } };
        var signer = new CoseSigner(key.Ecdsa, HashAlgorithmName.SHA256, headers);
        byte[] file = CoseSign1Message.SignEmbedded(Encode(manifest), signer);
        if (file.Length >= Manifest.MaxLength)
            throw new ReleaseException($"the manifest would have {file.Length} bytes; the maximum is {Manifest.MaxLength - 1}");
        return file;
    }

    /// <summary>Encodes the payload.</summary>
    /// <exception cref="ReleaseException">A field is invalid.</exception>
    public static byte[] Encode(ReleaseManifest manifest)
    {
        manifest.Check();
        var cbor = new CborWriter(CborConformanceMode.Canonical);
        cbor.WriteStartMap(6 + Fields(manifest.Rollout) + Fields(manifest));
        Write(cbor, 1, ReleaseManifest.Format);
        Write(cbor, 2, manifest.Product);
        Write(cbor, 3, manifest.Board);
        Write(cbor, 4, manifest.Version);
        Write(cbor, 5, manifest.Sequence);
        cbor.WriteInt32(6);
        cbor.WriteStartArray(manifest.Images.Count);
        foreach (var image in manifest.Images) Write(cbor, image);
        cbor.WriteEndArray();
        Write(cbor, manifest.Rollout);
        Write(cbor, manifest.Runtime);
        if (manifest.AgentLevel is { } agent) Write(cbor, 12, agent);
        if (manifest.Chip is { } chip) Write(cbor, 13, chip);
        if (manifest.SlotSize is { } layout) Write(cbor, 14, layout);
        if (manifest.SettingsSchema is { } settings) Write(cbor, 15, settings);
        if (manifest.TableDigest is { } table) Write(cbor, ReleaseManifest.TableKey, table);
        cbor.WriteEndMap();
        return cbor.Encode();
    }

    private static void Write(CborWriter cbor, IReadOnlyList<NativeNeed> runtime)
    {
        if (runtime.Count == 0) return;
        cbor.WriteInt32(11);
        cbor.WriteStartArray(runtime.Count);
        foreach (var need in runtime)
        {
            cbor.WriteStartArray(2);
            cbor.WriteTextString(need.Assembly);
            cbor.WriteUInt32(need.Checksum);
            cbor.WriteEndArray();
        }

        cbor.WriteEndArray();
    }

    private static int Fields(ReleaseManifest manifest) => (manifest.Runtime.Count == 0 ? 0 : 1) + (manifest.AgentLevel == null ? 0 : 1)
        + (manifest.Chip == null ? 0 : 1) + (manifest.SlotSize == null ? 0 : 1) + (manifest.SettingsSchema == null ? 0 : 1)
        + (manifest.TableDigest == null ? 0 : 1);

    private static int Fields(Rollout rollout) => (rollout.Expires == null ? 0 : 1) + (rollout.LowestSequence == null ? 0 : 1)
        + (rollout.WavePercent == 100 ? 0 : 1) + (rollout.Mirrors.Count == 0 ? 0 : 1);

    private static void Write(CborWriter cbor, Rollout rollout)
    {
        if (rollout.Expires is { } expires) Write(cbor, 7, expires);
        if (rollout.LowestSequence is { } lowest) Write(cbor, 8, lowest);
        if (rollout.WavePercent != 100) Write(cbor, 9, rollout.WavePercent);
        if (rollout.Mirrors.Count == 0) return;
        cbor.WriteInt32(10);
        cbor.WriteStartArray(rollout.Mirrors.Count);
        foreach (var mirror in rollout.Mirrors) cbor.WriteTextString(mirror);
        cbor.WriteEndArray();
    }

    private static void Write(CborWriter cbor, ManifestImage image)
    {
        cbor.WriteStartMap(6);
        Write(cbor, 1, image.Kind);
        Write(cbor, 2, image.Size);
        Write(cbor, 3, image.Digest);
        Write(cbor, 4, image.IndexDigest);
        Write(cbor, 5, image.IndexLocation);
        cbor.WriteInt32(6);
        cbor.WriteStartArray(image.Encodings.Count);
        foreach (var encoding in image.Encodings)
        {
            cbor.WriteStartMap(encoding.BaseDigest == null ? 2 : 3);
            Write(cbor, 1, encoding.Kind);
            Write(cbor, 2, encoding.Location);
            if (encoding.BaseDigest != null) Write(cbor, 3, encoding.BaseDigest);
            cbor.WriteEndMap();
        }

        cbor.WriteEndArray();
        cbor.WriteEndMap();
    }

    private static void Write(CborWriter cbor, int key, long value)
    {
        cbor.WriteInt32(key);
        cbor.WriteInt64(value);
    }

    private static void Write(CborWriter cbor, int key, string value)
    {
        cbor.WriteInt32(key);
        cbor.WriteTextString(value);
    }

    private static void Write(CborWriter cbor, int key, byte[] value)
    {
        cbor.WriteInt32(key);
        cbor.WriteByteString(value);
    }
}
