using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Security.Cryptography.Cose;

namespace NanoOta.Releases;

/// <summary>Writes manifests: deterministic CBOR in a COSE_Sign1 (SPEC.md, section 2).</summary>
public static class ManifestWriter
{
    /// <summary>Bytes around a payload of 256 bytes or more: tag, array, headers, key id and signature.</summary>
    private const int EnvelopeLength = 112;

    /// <summary>Encodes and signs a manifest.</summary>
    /// <exception cref="ReleaseException">A field is invalid, or the result is too large.</exception>
    public static byte[] Sign(ReleaseManifest manifest, SigningKey key)
    {
        var headers = new CoseHeaderMap { { CoseHeaderLabel.KeyIdentifier, key.Public.Id } };
        var signer = new CoseSigner(key.Ecdsa, HashAlgorithmName.SHA256, headers);
        byte[] file = CoseSign1Message.SignEmbedded(Encode(manifest), signer);
        return file.Length < Manifest.MaxLength ? file
            : throw new ReleaseException($"the manifest would have {file.Length} bytes; the maximum is {Manifest.MaxLength - 1}");
    }

    /// <summary>Whether the file of a manifest is as short as it must be.</summary>
    /// <exception cref="ReleaseException">A field is invalid.</exception>
    public static bool Fits(ReleaseManifest manifest) => Encode(manifest).Length + EnvelopeLength < Manifest.MaxLength;

    /// <summary>Encodes the payload.</summary>
    /// <exception cref="ReleaseException">A field is invalid.</exception>
    public static byte[] Encode(ReleaseManifest manifest)
    {
        manifest.Check();
        var cbor = new CborWriter(CborConformanceMode.Canonical);
        var optional = ReleaseManifest.OptionalFields.Select(field => (field.Key, Value: field.Get(manifest))).Where(field => field.Value != null).ToList();
        cbor.WriteStartMap(6 + optional.Count);
        Write(cbor, 1, ReleaseManifest.Format);
        Write(cbor, 2, manifest.Product);
        Write(cbor, 3, manifest.Board);
        Write(cbor, 4, manifest.Version);
        Write(cbor, 5, manifest.Sequence);
        cbor.WriteInt32(6);
        cbor.WriteStartArray(manifest.Images.Count);
        foreach (var image in manifest.Images) Write(cbor, image);
        cbor.WriteEndArray();
        foreach (var (key, value) in optional)
        {
            cbor.WriteInt32(key);
            WriteValue(cbor, value!);
        }

        cbor.WriteEndMap();
        return cbor.Encode();
    }

    private static void WriteValue(CborWriter cbor, object value)
    {
        switch (value)
        {
            case int number: cbor.WriteInt32(number); break;
            case long number: cbor.WriteInt64(number); break;
            case string text: cbor.WriteTextString(text); break;
            case byte[] bytes: cbor.WriteByteString(bytes); break;
            case NativeNeed need: WriteList(cbor, [need.Assembly, (long)need.Checksum]); break;
            case IReadOnlyCollection<object> items: WriteList(cbor, items); break;
            default: throw new InvalidOperationException($"a manifest has no {value.GetType()}");
        }
    }

    private static void WriteList(CborWriter cbor, IReadOnlyCollection<object> items)
    {
        cbor.WriteStartArray(items.Count);
        foreach (var item in items) WriteValue(cbor, item);
        cbor.WriteEndArray();
    }

    private static void Write(CborWriter cbor, ManifestImage image)
    {
        cbor.WriteStartMap(image.Natives == null ? 6 : 7);
        Write(cbor, 1, image.Kind);
        Write(cbor, 2, image.Size);
        Write(cbor, 3, image.Digest);
        Write(cbor, 4, image.IndexDigest);
        Write(cbor, 5, image.IndexLocation);
        cbor.WriteInt32(6);
        cbor.WriteStartArray(image.Encodings.Count);
        foreach (var encoding in image.Encodings)
        {
            cbor.WriteStartMap(2 + new object?[] { encoding.BaseDigest, encoding.TableDigest, encoding.FileSize }.Count(field => field != null));
            Write(cbor, 1, encoding.Kind);
            Write(cbor, 2, encoding.Location);
            if (encoding.BaseDigest != null) Write(cbor, 3, encoding.BaseDigest);
            if (encoding.TableDigest != null) Write(cbor, 4, encoding.TableDigest);
            if (encoding.FileSize is { } size) Write(cbor, 5, size);
            cbor.WriteEndMap();
        }

        cbor.WriteEndArray();
        if (image.Natives != null) Write(cbor, 7, image.Natives);
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
