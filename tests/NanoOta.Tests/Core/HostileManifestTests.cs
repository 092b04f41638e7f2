using System.Formats.Cbor;
using NanoOta.Releases;
using NanoOta.Tests.Support;
using static NanoOta.Tests.Core.ManifestReading;
using static NanoOta.Tests.Support.TestManifest;

namespace NanoOta.Tests.Core;

[TestClass]
public sealed class HostileManifestTests
{
    [TestMethod]
    public void A_manifest_cut_off_anywhere_is_refused()
    {
        var whole = new TestManifest().Sign();
        Refuses(UpdateError.ManifestNotSigned, []);
        for (int length = 1; length < whole.Length; length++) Refuses(UpdateError.ManifestTruncated, whole[..length]);
    }

    [TestMethod]
    public void A_manifest_with_any_bit_flipped_is_refused()
    {
        var whole = new TestManifest().Sign();
        var seen = new HashSet<UpdateError>();
        for (int bit = 0; bit < whole.Length * 8; bit++)
        {
            var flipped = (byte[])whole.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            var error = Read(flipped, out var manifest);
            Assert.AreNotEqual(UpdateError.None, error, $"bit {bit}");
            Assert.IsNull(manifest);
            seen.Add(error);
        }

        CollectionAssert.IsSubsetOf(
            new[] { UpdateError.ManifestNotSigned, UpdateError.BadSignature, UpdateError.UnknownKey, UpdateError.UnknownAlgorithm },
            seen.ToArray());
    }

    [TestMethod]
    public void Random_bytes_are_refused_without_an_exception()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        for (int i = 0; i < 20_000; i++)
        {
            var file = new byte[random.Next(200)];
            random.NextBytes(file);
            if (file.Length > 1) file[0] = 0xD2;
            if (file.Length > 2) file[1] = 0x84;
            Assert.AreNotEqual(UpdateError.None, Read(file, out _), $"seed {seed}, file {i}");
        }
    }

    [TestMethod]
    public void A_signed_payload_with_random_bytes_never_throws()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        var good = new TestManifest().Payload();
        for (int i = 0; i < 500; i++)
        {
            var payload = (byte[])good.Clone();
            for (int changes = random.Next(1, 4); changes > 0; changes--) payload[random.Next(payload.Length)] = (byte)random.Next();
            if (payload.AsSpan().SequenceEqual(good)) continue;
            var error = Read(new TestManifest().Sign(payload), out var manifest);
            Assert.AreEqual(error == UpdateError.None, manifest != null, $"seed {seed}, payload {i}");
        }
    }

    [TestMethod]
    public void A_file_that_is_not_a_signed_manifest_is_refused_as_such()
    {
        Refuses(UpdateError.ManifestNotSigned, "<!DOCTYPE html><html><body>Log in</body></html>"u8.ToArray());
        Refuses(UpdateError.ManifestNotSigned, new TestManifest().Payload());
        Refuses(UpdateError.ManifestNotSigned, new TestManifest().Sign()[1..]);
        Refuses(UpdateError.ManifestNotSigned, [0xD2, 0x80]);
    }

    [TestMethod]
    public void A_manifest_too_long_for_the_buffer_is_refused() =>
        Refuses(UpdateError.ManifestTooLarge, new byte[Manifest.MaxLength]);

    [TestMethod]
    public void Bytes_behind_the_manifest_or_its_payload_are_refused()
    {
        Refuses(UpdateError.ManifestTrailingBytes, [.. new TestManifest().Sign(), 0]);
        Refuses(UpdateError.ManifestTrailingBytes, new TestManifest().Sign([.. new TestManifest().Payload(), 0]));
    }

    [TestMethod]
    public void A_duplicate_key_is_refused_anywhere()
    {
        RefusesChange(UpdateError.ManifestDuplicateKey, map => map.Insert(1, (1L, 1L)));
        RefusesChange(UpdateError.ManifestDuplicateKey, map => map.Add((2L, "lamp")));
        Refuses(UpdateError.ManifestDuplicateKey,
            new TestManifest().Sign(new TestManifest().Payload(), Encode(new List<(object, object)> { (1L, -7L), (1L, -7L) })));
    }

    [TestMethod]
    public void Keys_out_of_order_are_refused() => RefusesChange(UpdateError.ManifestKeyOrder, map => map.Reverse());

    [TestMethod]
    public void Indefinite_lengths_are_refused()
    {
        RefusesChange(UpdateError.ManifestIndefiniteLength, map => map[5] = (6L, new Raw(0x9F, 0x01, 0xFF)));
        RefusesChange(UpdateError.ManifestIndefiniteLength, map => map[1] = (2L, new Raw(0x7F, 0x61, 0x61, 0xFF)));
        Refuses(UpdateError.ManifestIndefiniteLength, [0xD2, 0x9F, 0x40, 0xA0, 0x40, 0x40, 0xFF]);
    }

    [TestMethod]
    public void Huge_lengths_are_refused()
    {
        var payload = new TestManifest().Payload();
        byte[] huge = [0xBB, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
        Refuses(UpdateError.ManifestBadLength, new TestManifest().Sign([.. huge, .. payload[1..]]));
        Refuses(UpdateError.ManifestBadLength, new TestManifest().Sign([0xBA, 0xFF, 0xFF, 0xFF, 0xFF, .. payload[1..]]));
        Refuses(UpdateError.ManifestBadLength, [0xD2, 0x84, 0x5A, 0x80, 0x00, 0x00, 0x00]);
    }

    [TestMethod]
    public void Deep_nesting_is_refused()
    {
        var deep = Enumerable.Repeat((byte)0x81, 60).Append((byte)0).ToArray();
        RefusesChange(UpdateError.ManifestTooDeep, map => map.Add((-1L, new Raw(deep))));
        RefusesChange(UpdateError.ManifestTooDeep, map => map[5] = (6L, new Raw(deep)));
        Refuses(UpdateError.ManifestTooDeep, [0xD2, .. deep]);
    }

    [TestMethod]
    public void The_largest_number_of_native_assemblies_is_read_and_one_more_is_refused()
    {
        static object[] Natives(int count) =>
            [.. Enumerable.Range(0, count).Select(i => new object[] { $"A{i}", 0xFFFF_FFFFL })];
        static TestManifest With(int count) => new() { Change = map => map.Add((11L, Natives(count))) };
        Assert.AreEqual(UpdateError.None, Read(With(64).Sign(), out _));
        Refuses(UpdateError.ManifestBadValue, With(65));
    }

    [TestMethod]
    public void Numbers_in_a_longer_encoding_than_needed_are_refused() =>
        RefusesChange(UpdateError.ManifestNotShortest, map => map[4] = (5L, new Raw(0x19, 0x00, 0x02)));

    [TestMethod]
    public void A_field_of_the_wrong_type_is_refused()
    {
        Refuses(UpdateError.ManifestWrongType, new TestManifest { Product = 7L });
        Refuses(UpdateError.ManifestWrongType, new TestManifest { Sequence = -1L });
        Refuses(UpdateError.ManifestWrongType, new TestManifest { Digest = "digest" });
        RefusesChange(UpdateError.ManifestWrongType, map => map.Add((-1L, new Raw(0xF5))));
        Refuses(UpdateError.ManifestWrongType, new TestManifest().Sign(Encode(new object[] { 1L })));
    }

    [TestMethod]
    public void Another_algorithm_is_refused() => Refuses(UpdateError.UnknownAlgorithm, new TestManifest { Algorithm = -35 });

    [TestMethod]
    public void Another_key_is_refused() => Refuses(UpdateError.UnknownKey, new TestManifest { Key = new TestKey() });

    [TestMethod]
    public void A_signature_of_something_else_is_refused()
    {
        var a = new TestManifest().Sign();
        var b = new TestManifest { Sequence = 3L }.Sign();
        Refuses(UpdateError.BadSignature, [.. b[..^64], .. a[^64..]]);
    }

    [TestMethod]
    public void Without_a_trusted_key_everything_is_refused()
    {
        var crypto = new HostCrypto();
        var file = new TestManifest().Sign();
        var reader = new ManifestReader(new TrustedKeys([], crypto), crypto, runtime: null!);
        Assert.AreEqual(UpdateError.NoTrustedKey, reader.Read(file, file.Length, out _));
    }
}
