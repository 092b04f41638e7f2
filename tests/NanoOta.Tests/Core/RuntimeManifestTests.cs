using System.Security.Cryptography;
using NanoOta.Releases;
using NanoOta.Tests.Support;
using static NanoOta.Tests.Core.ManifestReading;

namespace NanoOta.Tests.Core;

using Map = List<(object Key, object Value)>;

/// <summary>Manifests with a runtime, right ones and wrong ones, as a device reads them.</summary>
[TestClass]
public sealed class RuntimeManifestTests
{
    private static readonly byte[] AppDigest = SHA256.HashData([1]), RuntimeDigest = SHA256.HashData([9]);
    private static readonly byte[] Natives = [0x0D, 0x0C, 0x0B, 0x0A, 0x01, 0x00, 0x00, 0x80];

    [TestMethod]
    public void A_runtime_alone_an_app_alone_and_both_are_read_with_their_identity()
    {
        var app = Accepts(App());
        Assert.IsNull(app.Runtime);
        CollectionAssert.AreEqual(AppDigest, app.Identity);

        var runtime = Accepts(Runtime());
        Assert.IsNull(runtime.App);
        Assert.AreEqual((20_000, "clr.idx", "clr.bin"), (runtime.Runtime.Size, runtime.Runtime.IndexLocation, runtime.Runtime.Location));
        CollectionAssert.AreEqual(Natives, runtime.Runtime.Natives);
        CollectionAssert.AreEqual(RuntimeDigest, runtime.Identity);

        foreach (var both in new[] { Accepts(App(), Runtime()), Accepts(Runtime(), App()) })
        {
            Assert.AreEqual((10_000, 20_000), (both.App.Size, both.Runtime.Size));
            CollectionAssert.AreEqual(AppDigest.Zip(RuntimeDigest, (a, b) => (byte)(a ^ b)).ToArray(), both.Identity);
        }
    }

    [TestMethod]
    public void A_kind_twice_a_third_image_and_an_unknown_kind_are_refused()
    {
        Refuses(UpdateError.ManifestBadValue, With(App(), App()));
        Refuses(UpdateError.ManifestBadValue, With(Runtime(), Runtime()));
        Refuses(UpdateError.ManifestBadValue, With(App(), Runtime(), App()));
        Refuses(UpdateError.ManifestBadValue, With());
        Refuses(UpdateError.ManifestNoImage, With(App(), Change(Runtime(), 1, 2L)));
    }

    [TestMethod]
    public void Native_checksums_that_are_missing_cut_off_too_many_or_of_an_app_are_refused()
    {
        Refuses(UpdateError.ManifestMissingField, With(Runtime()[..6]));
        Refuses(UpdateError.ManifestBadValue, With(Change(Runtime(), 7, Array.Empty<byte>())));
        Refuses(UpdateError.ManifestBadValue, With(Change(Runtime(), 7, Natives[..3])));
        Refuses(UpdateError.ManifestBadValue, With(Change(Runtime(), 7, Natives[..5])));
        Refuses(UpdateError.ManifestBadValue, With(Change(Runtime(), 7, new byte[129 * 4])));
        Refuses(UpdateError.ManifestWrongType, With(Change(Runtime(), 7, "text")));
        Refuses(UpdateError.ManifestBadValue, With([.. App(), (7L, Natives)]));
        Accepts(Change(Runtime(), 7, new byte[128 * 4]));
    }

    [TestMethod]
    public void Each_field_of_a_runtime_is_required()
    {
        for (int field = 0; field < 7; field++)
        {
            var runtime = Runtime();
            runtime.RemoveAt(field);
            Assert.AreNotEqual(UpdateError.None, Read(With(runtime).Sign(), out _), $"field {field + 1}");
        }
    }

    [TestMethod]
    public void The_needs_of_an_app_are_compared_with_the_runtime_that_comes_with_it()
    {
        Assert.IsNull(Needing(0x0A0B0C0D).RuntimeMismatch);
        Assert.IsNull(Needing(0x80000001).RuntimeMismatch);
        Assert.AreEqual("Lamp.Driver: 0x0a0b0c0e needed, not in the runtime of the release", Needing(0x0A0B0C0E).RuntimeMismatch);

        static Manifest Needing(long checksum)
        {
            var manifest = With(App(), Runtime());
            var images = manifest.Change;
            manifest.Change = map =>
            {
                images(map);
                map.Add((11L, new object[] { new object[] { "Lamp.Driver", checksum } }));
            };
            Assert.AreEqual(UpdateError.None, Read(manifest.Sign(), out var read));
            return read!;
        }
    }

    private static Map App() => Image(0, 10_000, AppDigest, "app");

    private static Map Runtime() => [.. Image(1, 20_000, RuntimeDigest, "clr"), (7L, Natives)];

    private static Map Image(long kind, long size, byte[] digest, string name) =>
    [
        (1L, kind), (2L, size), (3L, digest), (4L, SHA256.HashData([2])), (5L, name + ".idx"),
        (6L, new object[] { new Map { (1L, 0L), (2L, name + ".bin") } }),
    ];

    private static Map Change(Map image, int key, object value)
    {
        image[key - 1] = ((long)key, value);
        return image;
    }

    private static TestManifest With(params Map[] images) => new() { Change = map => map[5] = (6L, (object[])images) };

    private static Manifest Accepts(params Map[] images)
    {
        Assert.AreEqual(UpdateError.None, Read(With(images).Sign(), out var manifest));
        return manifest!;
    }
}
