using NanoOta.Tests.Simulation;
using NanoOta.Tests.Support;
using static NanoOta.Tests.Support.TestManifest;

namespace NanoOta.Tests.Errors;

/// <summary>2001 and on, 3001 and on: a device is given a file in place of its manifest.</summary>
internal static class ManifestErrors
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);

    public static Dictionary<UpdateError, Func<UpdateError>> Scenarios { get; } = new()
    {
        { UpdateError.ManifestNotSigned, () => Refusal("<html>"u8.ToArray()) },
        { UpdateError.ManifestTooLarge, () => Refusal(new byte[Manifest.MaxLength]) },
        { UpdateError.ManifestTruncated, () => Refusal(new TestManifest().Sign()[..^1]) },
        { UpdateError.ManifestTrailingBytes, () => Refusal([.. new TestManifest().Sign(), 0]) },
        { UpdateError.ManifestDuplicateKey, () => Changed(map => map.Insert(1, (1L, 1L))) },
        { UpdateError.ManifestKeyOrder, () => Changed(map => map.Reverse()) },
        { UpdateError.ManifestIndefiniteLength, () => Changed(map => map[1] = (2L, new Raw(0x7F, 0x61, 0x61, 0xFF))) },
        { UpdateError.ManifestBadLength, () => Refusal([0xD2, 0x84, 0x5A, 0x80, 0, 0, 0]) },
        { UpdateError.ManifestTooDeep, () => Refusal([0xD2, .. Enumerable.Repeat((byte)0x81, 60), 0]) },
        { UpdateError.ManifestWrongType, () => Changed(map => map[1] = (2L, 7L)) },
        { UpdateError.ManifestNotShortest, () => Changed(map => map[4] = (5L, new Raw(0x19, 0x00, 0x02))) },
        { UpdateError.ManifestUnknownFormat, () => Changed(map => map[0] = (1L, 2L)) },
        { UpdateError.ManifestUnknownField, () => Changed(map => map.Add((1000L, 1L))) },
        { UpdateError.ManifestMissingField, () => Changed(map => map.RemoveAt(3)) },
        { UpdateError.ManifestBadValue, () => Changed(map => map[4] = (5L, 0L)) },
        { UpdateError.ManifestBadLocation, () => Refusal(new TestManifest { ImageLocation = "../app.bin" }.Sign()) },
        { UpdateError.ManifestNoEncoding, () => Refusal(new TestManifest { EncodingKind = 9L }.Sign()) },
        { UpdateError.ManifestNoImage, () => Refusal(new TestManifest { Kind = 2L }.Sign()) },
        { UpdateError.UnknownAlgorithm, () => Refusal(new TestManifest { Algorithm = -35 }.Sign()) },
        { UpdateError.UnknownKey, () => Refusal(new TestManifest { Key = new TestKey() }.Sign()) },
        { UpdateError.BadSignature, () => Refusal(Flipped(new TestManifest().Sign())) },
        { UpdateError.NoTrustedKey, () => Refusal(new TestManifest().Sign(), First with { Behaviour = Behaviour.TrustsNoKey }) },
    };

    private static UpdateError Changed(Action<List<(object Key, object Value)>> change) =>
        Refusal(new TestManifest { Change = change }.Sign());

    private static byte[] Flipped(byte[] file)
    {
        file[^1] ^= 1;
        return file;
    }

    private static UpdateError Refusal(byte[] file, SimRelease? firmware = null)
    {
        var device = new SimDevice(firmware ?? First);
        device.Server.Put("manifest.cose", file);
        return ObservedError.Refusal(device);
    }
}
