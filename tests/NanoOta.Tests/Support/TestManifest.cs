using System.Formats.Cbor;
using System.Security.Cryptography;

namespace NanoOta.Tests.Support;

/// <summary>
/// Builds manifests by hand, right ones and wrong ones: the writer of the tools would refuse to write the wrong ones.
/// </summary>
internal sealed class TestManifest
{
    public object Format = 1L;
    public object Product = "lamp";
    public object Board = "board-a";
    public object Version = "1.1.0";
    public object Sequence = 2L;
    public object Size = 10_000L;
    public object Digest = SHA256.HashData([1]);
    public object IndexDigest = SHA256.HashData([2]);
    public object IndexLocation = "app.idx";
    public object ImageLocation = "app.bin";
    public object EncodingKind = 0L;
    public object Kind = 0L;

    /// <summary>Encodings before the plain one.</summary>
    public object[] Packed = [];

    /// <summary>Whether it has the app.</summary>
    public bool HasApp = true;

    /// <summary>Images behind the app.</summary>
    public object[] MoreImages = [];

    public long Algorithm = -7;
    public TestKey Key = SharedKey;

    public static readonly TestKey SharedKey = new();

    /// <summary>Changes the payload map before it is encoded.</summary>
    public Action<List<(object Key, object Value)>> Change = _ => { };

    public static TestManifest For(byte[] image, string version, long sequence, TestKey key) => new()
    {
        Version = version,
        Sequence = sequence,
        Size = (long)image.Length,
        Digest = SHA256.HashData(image),
        IndexDigest = SHA256.HashData(TestImage.Index(image)),
        IndexLocation = version + "/app.idx",
        ImageLocation = version + "/app.bin",
        Key = key,
    };

    /// <summary>A packed encoding.</summary>
    public static List<(object Key, object Value)> PackedEncoding(string location, long size, byte[] tableDigest, byte[]? baseDigest)
    {
        var encoding = new List<(object, object)> { (1L, 1L), (2L, location), (4L, tableDigest), (5L, size) };
        if (baseDigest != null) encoding.Insert(2, (3L, baseDigest));
        return encoding;
    }

    /// <summary>An image of a runtime, with files in a folder.</summary>
    public static List<(object Key, object Value)> RuntimeImage(byte[] image, byte[] natives, string folder, params object[] packed) =>
    [
        (1L, 1L), (2L, (long)image.Length), (3L, SHA256.HashData(image)), (4L, SHA256.HashData(TestImage.Index(image))),
        (5L, folder + "/clr.idx"), (6L, (object[])[.. packed, new List<(object, object)> { (1L, 0L), (2L, folder + "/clr.bin") }]), (7L, natives),
    ];

    public byte[] Payload()
    {
        var encoding = new List<(object, object)> { (1L, EncodingKind), (2L, ImageLocation) };
        var image = new List<(object, object)>
        {
            (1L, Kind), (2L, Size), (3L, Digest), (4L, IndexDigest), (5L, IndexLocation), (6L, (object[])[.. Packed, encoding]),
        };
        var map = new List<(object, object)>
        {
            (1L, Format), (2L, Product), (3L, Board), (4L, Version), (5L, Sequence), (6L, HasApp ? (object[])[image, .. MoreImages] : MoreImages),
        };
        Change(map);
        return Encode(map);
    }

    public byte[] Sign() => Sign(Payload());

    public byte[] Sign(byte[] payload) => Sign(payload, Encode(new List<(object, object)> { (1L, Algorithm), (4L, Key.Id) }));

    public byte[] Sign(byte[] payload, byte[] header)
    {
        var signed = Encode(new object[] { "Signature1", header, Array.Empty<byte>(), payload });
        return [0xD2, .. Encode(new object[] { header, new List<(object, object)>(), payload, Key.Sign(signed) })];
    }

    /// <summary>
    /// Encodes longs, texts, byte strings, arrays (object[]) and maps (lists of pairs) in the order given; a
    /// <see cref="Raw"/> as it stands.
    /// </summary>
    public static byte[] Encode(object value)
    {
        var writer = new CborWriter(CborConformanceMode.Lax, convertIndefiniteLengthEncodings: false);
        Write(writer, value);
        return writer.Encode();
    }

    private static void Write(CborWriter writer, object value)
    {
        switch (value)
        {
            case long number: writer.WriteInt64(number); break;
            case string text: writer.WriteTextString(text); break;
            case byte[] bytes: writer.WriteByteString(bytes); break;
            case Raw raw: writer.WriteEncodedValue(raw.Bytes); break;
            case object[] array:
                writer.WriteStartArray(array.Length);
                foreach (var item in array) Write(writer, item);
                writer.WriteEndArray();
                break;
            case List<(object Key, object Value)> map:
                writer.WriteStartMap(map.Count);
                foreach (var (key, item) in map)
                {
                    Write(writer, key);
                    Write(writer, item);
                }

                writer.WriteEndMap();
                break;
            default: throw new ArgumentException($"no encoding for {value}");
        }
    }

    /// <summary>CBOR as it stands.</summary>
    public sealed record Raw(params byte[] Bytes);
}
