using System.Formats.Cbor;
using System.Security.Cryptography.Cose;

namespace NanoOta.Releases;

/// <summary>Reads manifests on the host, as strictly as SPEC.md, section 2, requires. This file has all code that decodes CBOR.</summary>
public sealed class SignedManifest
{
    private const CborTag CoseSign1 = (CborTag)18;
    private const int Es256 = -7;

    private readonly byte[] file;
    private readonly byte[] payload;

    private SignedManifest(byte[] file, byte[] keyId, byte[] payload)
    {
        this.file = file;
        this.payload = payload;
        KeyId = keyId;
    }

    /// <summary>Id of the signing key as the manifest states it, 32 bytes.</summary>
    public byte[] KeyId { get; }

    /// <summary>Reads the envelope; checks neither signature nor payload.</summary>
    /// <exception cref="ReleaseException">It is not the COSE_Sign1 that a manifest must be.</exception>
    public static SignedManifest Read(byte[] file)
    {
        if (file.Length >= Manifest.MaxLength)
            throw new ReleaseException($"manifest: has {Manifest.MaxLength} bytes or more; the maximum is {Manifest.MaxLength - 1}");
        return Decoded(() =>
        {
            var cbor = new CborReader(file, CborConformanceMode.Canonical);
            Expect(cbor.ReadTag() == CoseSign1 && cbor.ReadStartArray() == 4, "not a tagged COSE_Sign1");
            byte[] keyId = ReadProtected(cbor.ReadByteString());
            Expect(cbor.ReadStartMap() == 0, "the unprotected headers are not empty");
            cbor.ReadEndMap();
            byte[] payload = cbor.ReadByteString();
            Expect(cbor.ReadByteString().Length == 64, "the signature does not have 64 bytes");
            cbor.ReadEndArray();
            Expect(cbor.BytesRemaining == 0, "bytes follow the end");
            return new SignedManifest(file, keyId, payload);
        });
    }

    /// <summary>Whether the signature is valid and made with this key.</summary>
    public bool IsSignedBy(PublicKey key)
    {
        if (!KeyId.AsSpan().SequenceEqual(key.Id)) return false;
        using var ecdsa = key.ToEcdsa();
        return CoseMessage.DecodeSign1(file).VerifyEmbedded(ecdsa);
    }

    /// <summary>Reads the payload, whether the signature is valid or not.</summary>
    /// <exception cref="ReleaseException">A field is missing, unknown or invalid.</exception>
    public ReleaseManifest Decode()
    {
        var manifest = Decoded(() =>
        {
            var cbor = new CborReader(payload, CborConformanceMode.Canonical);
            var optional = ReleaseManifest.OptionalFields.ToDictionary(field => field.Key);
            var fields = ReadMap(cbor, [1, 2, 3, 4, 5, 6, .. optional.Keys], key => key switch
            {
                1 => Expect(cbor.ReadInt32(), v => v == ReleaseManifest.Format, "format"),
                2 or 3 or 4 => cbor.ReadTextString(),
                5 => cbor.ReadInt64(),
                6 => ReadArray(cbor, ReadImage),
                _ => optional[key].Read(cbor),
            });
            Expect(cbor.BytesRemaining == 0, "bytes follow the payload");
            Require(fields, 1, 2, 3, 4, 5, 6);
            var required = new ReleaseManifest((string)fields[2], (string)fields[3], (string)fields[4], (long)fields[5],
                (List<ManifestImage>)fields[6]);
            return optional.Values.Where(field => fields.ContainsKey(field.Key))
                .Aggregate(required, (read, field) => field.Set(read, fields[field.Key]));
        });
        manifest.Check();
        return manifest;
    }

    private static byte[] ReadProtected(byte[] headers)
    {
        var cbor = new CborReader(headers, CborConformanceMode.Canonical);
        Expect(cbor.ReadStartMap() == 2 && cbor.ReadInt32() == 1, "the protected headers are not algorithm and key id");
        Expect(cbor.ReadInt32() == Es256, "the algorithm is not ES256");
        Expect(cbor.ReadInt32() == 4, "the protected headers are not algorithm and key id");
        byte[] keyId = cbor.ReadByteString();
        cbor.ReadEndMap();
        Expect(keyId.Length == 32 && cbor.BytesRemaining == 0, "the key id does not have 32 bytes");
        return keyId;
    }

    // The value of a negative key may have any type.
    internal static object ReadAdvice(CborReader cbor)
    {
        if (cbor.PeekState() == CborReaderState.ByteString) return cbor.ReadByteString();
        cbor.SkipValue();
        return "";
    }

    internal static NativeNeed ReadNeed(CborReader cbor)
    {
        Expect(cbor.ReadStartArray() == 2, "a native assembly is not a name and a checksum");
        var need = new NativeNeed(cbor.ReadTextString(), cbor.ReadUInt32());
        cbor.ReadEndArray();
        return need;
    }

    private static ManifestImage ReadImage(CborReader cbor)
    {
        var fields = ReadMap(cbor, [1, 2, 3, 4, 5, 6, 7], key => key switch
        {
            1 or 2 => cbor.ReadInt32(),
            3 or 4 or 7 => cbor.ReadByteString(),
            5 => cbor.ReadTextString(),
            _ => ReadArray(cbor, ReadEncoding),
        });
        Require(fields, 1, 2, 3, 4, 5, 6);
        return new ManifestImage((int)fields[1], (int)fields[2], (byte[])fields[3], (byte[])fields[4], (string)fields[5],
            (List<ManifestEncoding>)fields[6])
        {
            Natives = (byte[]?)fields.GetValueOrDefault(7),
        };
    }

    private static ManifestEncoding ReadEncoding(CborReader cbor)
    {
        var fields = ReadMap(cbor, [1, 2, 3, 4, 5], key => key switch
        {
            1 or 5 => cbor.ReadInt32(),
            2 => cbor.ReadTextString(),
            _ => cbor.ReadByteString(),
        });
        Require(fields, 1, 2);
        return new ManifestEncoding((int)fields[1], (string)fields[2], (byte[]?)fields.GetValueOrDefault(3))
        {
            TableDigest = (byte[]?)fields.GetValueOrDefault(4),
            FileSize = (int?)fields.GetValueOrDefault(5),
        };
    }

    private static Dictionary<int, object> ReadMap(CborReader cbor, int[] known, Func<int, object> read)
    {
        var fields = new Dictionary<int, object>();
        cbor.ReadStartMap();
        while (cbor.PeekState() != CborReaderState.EndMap)
        {
            int key = cbor.ReadInt32();
            bool isKnown = known.Contains(key);
            Expect(key < 0 || isKnown, $"unknown field {key}");
            if (isKnown) fields[key] = read(key);
            else cbor.SkipValue();
        }

        cbor.ReadEndMap();
        return fields;
    }

    private static List<T> ReadArray<T>(CborReader cbor, Func<CborReader, T> read)
    {
        var items = new List<T>();
        cbor.ReadStartArray();
        while (cbor.PeekState() != CborReaderState.EndArray) items.Add(read(cbor));
        cbor.ReadEndArray();
        return items;
    }

    /// <summary>A list that is not empty.</summary>
    internal static List<T> ReadList<T>(CborReader cbor, Func<CborReader, T> read)
    {
        var items = ReadArray(cbor, read);
        Expect(items.Count > 0, "an empty list");
        return items;
    }

    private static void Require(Dictionary<int, object> fields, params int[] keys)
    {
        foreach (int key in keys) Expect(fields.ContainsKey(key), $"field {key} is missing");
    }

    private static object Expect(int value, Func<int, bool> rule, string field)
    {
        Expect(rule(value), $"{field} {value} is not supported by this version of nano-ota");
        return value;
    }

    private static void Expect(bool good, string otherwise)
    {
        if (!good) throw new ReleaseException("manifest: " + otherwise);
    }

    private static T Decoded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is CborContentException or InvalidOperationException or OverflowException)
        {
            throw new ReleaseException($"manifest: not deterministic CBOR ({e.Message}); pack the release again");
        }
    }
}
