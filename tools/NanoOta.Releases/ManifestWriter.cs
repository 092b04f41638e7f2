using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Security.Cryptography.Cose;

namespace NanoOta.Releases;

/// <summary>Writes manifests: deterministic CBOR in a COSE_Sign1 (SPEC.md, section 2).</summary>
public static class ManifestWriter
{
    /// <summary>Encodes and signs a manifest.</summary>
    /// <exception cref="ReleaseException">A field breaks its rule, or the result is too large.</exception>
    public static byte[] Sign(ReleaseManifest manifest, SigningKey key)
    {
        var headers = new CoseHeaderMap { { CoseHeaderLabel.KeyIdentifier, key.Public.Id } };
        var signer = new CoseSigner(key.Ecdsa, HashAlgorithmName.SHA256, headers);
        byte[] file = CoseSign1Message.SignEmbedded(Encode(manifest), signer);
        if (file.Length >= Manifest.MaxLength)
            throw new ReleaseException($"the manifest would have {file.Length} bytes; fewer than {Manifest.MaxLength} are allowed");
        return file;
    }

    /// <summary>The payload alone.</summary>
    /// <exception cref="ReleaseException">A field breaks its rule.</exception>
    public static byte[] Encode(ReleaseManifest manifest)
    {
        manifest.Check();
        var cbor = new CborWriter(CborConformanceMode.Canonical);
        cbor.WriteStartMap(6 + Count(Rollout.Fields, manifest.Rollout) + Count(ReleaseManifest.Fields, manifest));
        Write(cbor, 1, ReleaseManifest.Format);
        Write(cbor, 2, manifest.Product);
        Write(cbor, 3, manifest.Board);
        Write(cbor, 4, manifest.Version);
        Write(cbor, 5, manifest.Sequence);
        cbor.WriteInt32(6);
        cbor.WriteStartArray(manifest.Images.Count);
        foreach (var image in manifest.Images) Write(cbor, image);
        cbor.WriteEndArray();
        Write(cbor, Rollout.Fields, manifest.Rollout);
        Write(cbor, ReleaseManifest.Fields, manifest);
        cbor.WriteEndMap();
        return cbor.Encode();
    }

    private static int Count<T>(OptionalField<T>[] fields, T item) => fields.Count(field => field.IsGiven(item));

    private static void Write<T>(CborWriter cbor, OptionalField<T>[] fields, T item)
    {
        foreach (var field in fields.Where(field => field.IsGiven(item)))
        {
            cbor.WriteInt32(field.Key);
            field.Write(cbor, item);
        }
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
