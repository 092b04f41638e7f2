using NanoOta.Releases;

namespace NanoOta.Tests.Releases;

/// <summary>Packed files in a release folder.</summary>
[TestClass]
public sealed class PackedReleaseTests
{
    [TestMethod]
    public void A_release_lists_its_packed_files_first_and_the_plain_image_last()
    {
        using var folder = new TemporaryFolder();
        using var key = SigningKey.Generate();
        var images = Publish(folder, key, 2);
        var manifest = SignedManifest.Read(ReleaseCheck.ReadManifest(folder.Path)).Decode();
        var encodings = manifest.Images[0].Encodings;
        CollectionAssert.AreEqual(new[] { "packed", "packed", "plain" }, encodings.Select(e => e.KindName).ToArray());
        CollectionAssert.AreEqual(images[0].Digest, encodings[0].BaseDigest);
        Assert.IsNull(encodings[1].BaseDigest);
        foreach (var encoding in encodings.Where(e => e.FileSize != null))
            Assert.AreEqual(encoding.FileSize!.Value, (int)new FileInfo(folder.File(encoding.Location)).Length);
        Assert.IsTrue(Findings(folder, key).All(f => f.Passed != false));
        Assert.AreEqual(2, Findings(folder, key).Count(f => f is { Check: "packed image", Passed: true }));
    }

    [TestMethod]
    public void The_last_three_images_of_a_folder_are_the_bases_of_the_next()
    {
        using var folder = new TemporaryFolder();
        using var key = SigningKey.Generate();
        var images = Publish(folder, key, 5);
        var earlier = PackedImages.FindEarlier(folder.Path, TestInput.Image(20_000));
        CollectionAssert.AreEqual(new[] { images[4].FileName, images[3].FileName, images[2].FileName }, earlier.Select(i => i.FileName).ToArray());
        File.Delete(folder.File(images[3].FileName + ".bin"));
        CollectionAssert.AreEqual(new[] { images[4].FileName, images[2].FileName, images[1].FileName },
            PackedImages.FindEarlier(folder.Path, TestInput.Image(20_000)).Select(i => i.FileName).ToArray(), "a missing one is left out");
    }

    [TestMethod]
    public void A_bit_flip_anywhere_in_a_packed_file_is_found()
    {
        using var folder = new TemporaryFolder();
        using var key = SigningKey.Generate();
        Publish(folder, key, 2);
        var encodings = SignedManifest.Read(ReleaseCheck.ReadManifest(folder.Path)).Decode().Images[0].Encodings;
        foreach (var file in encodings.Where(e => e.FileSize != null).Select(e => folder.File(e.Location)))
        {
            byte[] content = File.ReadAllBytes(file);
            for (int i = 0; i < content.Length; i++)
            {
                content[i] ^= (byte)(1 << (i % 8));
                File.WriteAllBytes(file, content);
                Assert.IsTrue(Findings(folder, key).Any(f => f.Passed == false), $"byte {i} of {file}");
                content[i] ^= (byte)(1 << (i % 8));
            }

            File.WriteAllBytes(file, content);
        }
    }

    [TestMethod]
    public void A_packed_file_whose_base_is_not_in_the_folder_is_reported_as_not_checked()
    {
        using var folder = new TemporaryFolder();
        using var key = SigningKey.Generate();
        var images = Publish(folder, key, 2);
        File.Delete(folder.File(images[0].FileName + ".bin"));
        Assert.IsTrue(Findings(folder, key).Any(f => f is { Check: "packed image", Passed: null }));
        Assert.IsTrue(Findings(folder, key).All(f => f.Passed != false));
    }

    [TestMethod]
    public void Bases_with_the_same_difference_share_one_file()
    {
        using var folder = new TemporaryFolder();
        using var key = SigningKey.Generate();
        AppImage image = TestInput.Image(6000), source = TestInput.Image(6000);
        var file = PackedImages.Pack(image, [TestInput.Image(5000)])[0].File;
        PackedImage[] packed = [new(file, image.Digest), new(file, source.Digest)];
        ReleaseBuilder.Publish(TestInput.Order(image, "1.0.0") with { Packed = packed }, key, folder.Path);
        Assert.HasCount(1, Directory.GetFiles(folder.Path, "*.pack"));
    }

    [TestMethod]
    public void More_bases_than_a_manifest_has_room_for_are_refused()
    {
        AppImage[] bases = [.. Enumerable.Range(1, 4).Select(i => TestInput.Image(5000 + 4 * i))];
        StringAssert.Contains(TestInput.Refusal(() => PackedImages.Pack(TestInput.Image(6000), bases)), "at most 3 bases");
    }

    private static AppImage[] Publish(TemporaryFolder folder, SigningKey key, int count)
    {
        AppImage[] images = [.. Enumerable.Range(0, count).Select(i => TestInput.Image(5000 + 4 * i))];
        for (int i = 0; i < count; i++)
        {
            var packed = PackedImages.Pack(images[i], PackedImages.FindEarlier(folder.Path, images[i]));
            ReleaseBuilder.Publish(TestInput.Order(images[i], $"1.0.{i}") with { Packed = packed }, key, folder.Path);
        }

        return images;
    }

    private static IReadOnlyList<Finding> Findings(TemporaryFolder folder, SigningKey key) => ReleaseCheck.Run(folder.Path, [key.Public]);
}
