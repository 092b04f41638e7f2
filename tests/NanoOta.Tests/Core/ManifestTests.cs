using System.Formats.Cbor;
using NanoOta.Releases;
using NanoOta.Tests.Support;
using static NanoOta.Tests.Core.ManifestReading;
using static NanoOta.Tests.Support.TestManifest;

namespace NanoOta.Tests.Core;

[TestClass]
public sealed class ManifestTests
{
    [TestMethod]
    public void A_signed_manifest_is_read_whole()
    {
        var source = new TestManifest();
        Assert.AreEqual(UpdateError.None, Read(source.Sign(), out var manifest));
        Assert.AreEqual("lamp", manifest!.Product);
        Assert.AreEqual("board-a", manifest.Board);
        Assert.AreEqual("1.1.0", manifest.Version);
        Assert.AreEqual(2, manifest.Sequence);
        Assert.AreEqual(10_000, manifest.App.Size);
        CollectionAssert.AreEqual((byte[])source.Digest, manifest.App.Digest);
        CollectionAssert.AreEqual((byte[])source.IndexDigest, manifest.App.IndexDigest);
        Assert.AreEqual("app.idx", manifest.App.IndexLocation);
        Assert.AreEqual("app.bin", manifest.App.Location);
    }

    // The tests that run on boards rely on this verdict on the signature.
    [TestMethod]
    public void The_release_of_the_device_tests_has_a_valid_signature()
    {
        var crypto = new HostCrypto();
        var reader = new ManifestReader(new TrustedKeys([DeviceTests.PublishedRelease.Key], crypto), crypto, runtime: null!);
        var file = DeviceTests.PublishedRelease.Manifest();
        Assert.AreEqual(UpdateError.None, reader.Read(file, file.Length, out _));
        file[^1] ^= 1;
        Assert.AreEqual(UpdateError.BadSignature, reader.Read(file, file.Length, out _));
    }

    [TestMethod]
    public void The_largest_sequence_number_is_kept_exactly()
    {
        Assert.AreEqual(UpdateError.None, Read(new TestManifest { Sequence = 0x1FFFFFFFFFFFFF }.Sign(), out var manifest));
        Assert.AreEqual(0x1FFFFFFFFFFFFF, manifest!.Sequence);
    }

    [TestMethod]
    public void An_unknown_format_is_refused_by_name() =>
        Refuses(UpdateError.ManifestUnknownFormat, new TestManifest { Format = 2L });

    [TestMethod]
    public void An_unknown_mandatory_field_is_refused_and_an_optional_one_is_skipped()
    {
        RefusesChange(UpdateError.ManifestUnknownField, map => map.Add((16L, 1L)));
        var advised = new TestManifest { Change = map => map.Add((-1L, new object[] { "for others", 1L })) };
        Assert.AreEqual(UpdateError.None, Read(advised.Sign(), out _));
    }

    [TestMethod]
    public void A_missing_field_is_refused()
    {
        for (int i = 0; i < 6; i++) RefusesChange(UpdateError.ManifestMissingField, map => map.RemoveAt(i));
    }

    [TestMethod]
    public void Values_out_of_range_are_refused()
    {
        Refuses(UpdateError.ManifestBadValue, new TestManifest { Sequence = 0L });
        Refuses(UpdateError.ManifestBadValue, new TestManifest { Sequence = 0x20000000000000L });
        Refuses(UpdateError.ManifestBadValue, new TestManifest { Size = 0L });
        Refuses(UpdateError.ManifestBadValue, new TestManifest { Size = 0x80000000L });
        Refuses(UpdateError.ManifestBadValue, new TestManifest { Product = "" });
        Refuses(UpdateError.ManifestBadValue, new TestManifest { Product = new string('a', 33) });
        Refuses(UpdateError.ManifestBadValue, new TestManifest { Version = "1.0\"" });
        Refuses(UpdateError.ManifestBadValue, new TestManifest { Digest = new byte[31] });
    }

    [TestMethod]
    [DataRow("../app.bin")]
    [DataRow("a/../../app.bin")]
    [DataRow("a/..")]
    [DataRow(".")]
    [DataRow("/app.bin")]
    [DataRow("//elsewhere.example/app.bin")]
    [DataRow("http://elsewhere.example/app.bin")]
    [DataRow("file:app.bin")]
    [DataRow("a//b")]
    [DataRow("a/")]
    [DataRow("a\\b")]
    [DataRow("a%2e%2e/b")]
    [DataRow("a?b")]
    [DataRow("a#b")]
    [DataRow("")]
    public void A_location_that_leaves_its_folder_is_refused(string location)
    {
        Refuses(UpdateError.ManifestBadLocation, new TestManifest { ImageLocation = location });
        Refuses(UpdateError.ManifestBadLocation, new TestManifest { IndexLocation = location });
    }

    [TestMethod]
    public void A_location_that_is_too_long_is_refused() =>
        Refuses(UpdateError.ManifestBadLocation, new TestManifest { ImageLocation = new string('a', 97) });

    [TestMethod]
    public void A_location_in_a_folder_below_is_taken()
    {
        Assert.AreEqual(UpdateError.None, Read(new TestManifest { ImageLocation = "v1.1/.x/app.bin" }.Sign(), out var manifest));
        Assert.AreEqual("v1.1/.x/app.bin", manifest!.App.Location);
    }

    [TestMethod]
    [DataRow("ftp://a/")]
    [DataRow("HTTP://a/")]
    [DataRow("://a/")]
    [DataRow("https:/a/")]
    [DataRow("http://")]
    [DataRow("http:///")]
    [DataRow("http://a")]
    [DataRow("http://a?b/")]
    [DataRow("http://u@a/")]
    [DataRow("")]
    public void A_mirror_that_is_no_http_address_of_a_folder_is_refused(string mirror) =>
        RefusesChange(UpdateError.ManifestBadLocation, map => map.Add((10L, new object[] { mirror })));

    [TestMethod]
    [DataRow("http://a/")]
    [DataRow("https://[::1]:8443/a-b_c/")]
    public void A_mirror_over_http_or_https_is_taken(string mirror)
    {
        var file = new TestManifest { Change = map => map.Add((10L, new object[] { mirror })) }.Sign();
        Assert.AreEqual(UpdateError.None, Read(file, out var manifest));
        CollectionAssert.AreEqual(new[] { mirror }, manifest!.Mirrors);
    }

    [TestMethod]
    public void Only_unknown_ways_to_fetch_the_image_are_refused()
    {
        Refuses(UpdateError.ManifestNoEncoding, new TestManifest { EncodingKind = 9L });
    }

    [TestMethod]
    public void Of_packed_encodings_the_smallest_one_that_fits_the_running_image_is_taken()
    {
        byte[] running = [.. Enumerable.Repeat((byte)7, 32)], other = [.. Enumerable.Repeat((byte)8, 32)], table = [.. Enumerable.Repeat((byte)9, 32)];
        var source = new TestManifest
        {
            Packed =
            [
                PackedEncoding("other.pack", 10, table, other), PackedEncoding("delta.pack", 20, table, running),
                PackedEncoding("whole.pack", 30, table, null),
            ],
        };
        Assert.AreEqual(UpdateError.None, Read(source.Sign(), out var manifest, new SlotDescriptor { ImageDigest = running, ImageSize = 77 }));
        Assert.AreEqual(("delta.pack", 20, 77), (manifest!.App.Packed!.Location, manifest.App.Packed.Size, manifest.App.Packed.BaseSize));
        CollectionAssert.AreEqual(table, manifest.App.Packed.TableDigest);
        Assert.AreEqual("app.bin", manifest.App.Location);
        Assert.AreEqual(UpdateError.None, Read(source.Sign(), out manifest));
        Assert.AreEqual(("whole.pack", 30, 0), (manifest!.App.Packed!.Location, manifest.App.Packed.Size, manifest.App.Packed.BaseSize));
    }

    [TestMethod]
    public void A_packed_encoding_without_its_fields_is_refused()
    {
        foreach (int missing in new[] { 0, 1, 2, 3 })
        {
            var encoding = PackedEncoding("a.pack", 10, new byte[32], null);
            encoding.RemoveAt(missing);
            Assert.AreNotEqual(UpdateError.None, Read(new TestManifest { Packed = [encoding] }.Sign(), out _), $"field {missing}");
        }

        Refuses(UpdateError.ManifestBadValue, new TestManifest { Packed = [PackedEncoding("a.pack", 0, new byte[32], null)] });
        Refuses(UpdateError.ManifestBadValue, new TestManifest { Packed = [PackedEncoding("a.pack", 10, new byte[31], null)] });
    }

    [TestMethod]
    public void An_image_of_an_unknown_kind_is_refused() => Refuses(UpdateError.ManifestNoImage, new TestManifest { Kind = 2L });

    [TestMethod]
    public void The_key_id_is_the_thumbprint_of_RFC_9679()
    {
        // The COSE_Key of RFC 9679, section 6, reduced to its required members and written by another encoder.
        var key = new CborWriter(CborConformanceMode.Canonical);
        key.WriteStartMap(4);
        key.WriteInt32(1);
        key.WriteInt32(2);
        key.WriteInt32(-1);
        key.WriteInt32(1);
        key.WriteInt32(-2);
        key.WriteByteString(SharedKey.Point.AsSpan(0, 32));
        key.WriteInt32(-3);
        key.WriteByteString(SharedKey.Point.AsSpan(32, 32));
        key.WriteEndMap();
        CollectionAssert.AreEqual(System.Security.Cryptography.SHA256.HashData(key.Encode()), SharedKey.Id);
    }
}
