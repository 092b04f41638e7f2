using NanoOta.Releases;

namespace NanoOta.Tests.Releases;

[TestClass]
public sealed class ReleaseCheckTests
{
    [TestMethod]
    public void A_bit_flip_anywhere_in_a_release_is_found()
    {
        using var folder = new TemporaryFolder();
        using var key = SigningKey.Generate();
        var image = TestInput.Image();
        ReleaseBuilder.Publish(TestInput.Order(image), key, folder.Path);

        foreach (var file in Directory.GetFiles(folder.Path))
        {
            byte[] content = File.ReadAllBytes(file);
            for (int i = 0; i < content.Length; i++)
            {
                content[i] ^= (byte)(1 << (i % 8));
                File.WriteAllBytes(file, content);
                Assert.IsFalse(IsGood(folder, key), $"byte {i} of {file}");
                content[i] ^= (byte)(1 << (i % 8));
            }

            File.WriteAllBytes(file, content);
        }

        Assert.IsTrue(IsGood(folder, key));
    }

    [TestMethod]
    public void A_missing_a_short_and_a_long_file_are_found()
    {
        using var folder = new TemporaryFolder();
        using var key = SigningKey.Generate();
        var image = TestInput.Image();
        ReleaseBuilder.Publish(TestInput.Order(image), key, folder.Path);
        var bin = folder.File(image.FileName + ".bin");

        File.WriteAllBytes(bin, image.Bytes[..^4].ToArray());
        Assert.AreEqual("image size", FirstFailure(folder, key));
        File.WriteAllBytes(bin, [.. image.Bytes, 0, 0, 0, 0]);
        Assert.AreEqual("image file", FirstFailure(folder, key));
        File.Delete(bin);
        Assert.AreEqual("image file", FirstFailure(folder, key));
        File.Delete(folder.File(image.FileName + ".idx"));
        Assert.AreEqual("index file", FirstFailure(folder, key));
        File.Delete(folder.File("manifest.cose"));
        StringAssert.Contains(TestInput.Refusal(() => IsGood(folder, key)), "no manifest.cose in it");
    }

    [TestMethod]
    public void Nothing_is_read_from_a_manifest_of_an_unknown_key()
    {
        using var folder = new TemporaryFolder();
        using var key = SigningKey.Generate();
        using var unknown = SigningKey.Generate();
        ReleaseBuilder.Publish(TestInput.Order(), unknown, folder.Path);

        var findings = ReleaseCheck.Run(folder.Path, [key.Public]);

        StringAssert.Contains(findings[1].Detail, "which is not trusted");
        CollectionAssert.AreEqual(new bool?[] { true, false }, findings.Take(2).Select(f => f.Passed).ToArray());
        Assert.IsTrue(findings.Skip(2).All(f => f is { Passed: null, Detail: "not checked" }));
        Assert.HasCount(13, findings);
    }

    [TestMethod]
    public void Any_of_several_trusted_keys_may_have_signed()
    {
        using var folder = new TemporaryFolder();
        using var old = SigningKey.Generate();
        using var key = SigningKey.Generate();
        ReleaseBuilder.Publish(TestInput.Order(), key, folder.Path);

        Assert.IsTrue(ReleaseCheck.Run(folder.Path, [old.Public, key.Public]).All(f => f.Passed == true));
    }

    [TestMethod]
    [DataRow("expired", "it has expired")]
    [DataRow("after itself", "requires firmware with the sequence 4295098371 or more, but itself has 4295098371")]
    [DataRow("two checksums", "it needs Lamp.Driver with the checksums 00000001 and 00000002")]
    [DataRow("large", "but its app slots have 4; make the app smaller")]
    public void A_release_that_no_device_takes_is_not_good_and_not_published(string how, string reason)
    {
        using var folder = new TemporaryFolder();
        using var key = SigningKey.Generate();
        var manifest = ReleaseBuilder.Publish(TestInput.Order(), key, folder.Path);
        var change = new Rollout { Expires = how == "expired" ? 1 : null, LowestSequence = how == "after itself" ? manifest.Sequence : null };
        manifest = manifest with { Rollout = change, SlotSize = how == "large" ? 4 : manifest.SlotSize };
        if (how == "two checksums") manifest = manifest with { Runtime = [new("Lamp.Driver", 1), new("Lamp.Driver", 2)] };
        folder.Write("manifest.cose", ManifestWriter.Sign(manifest, key));

        var bad = ReleaseCheck.Run(folder.Path, [key.Public]).Single(f => f.Passed == false);
        Assert.AreEqual("who may take it", bad.Check);
        StringAssert.Contains(bad.Detail, "no device: ");
        StringAssert.Contains(bad.Detail, reason);
        StringAssert.Contains(TestInput.Refusal(() => ReleaseBuilder.Republish(folder.Path, key, _ => change)), "no device would install 1.2.3");
    }

    [TestMethod]
    public void A_stopped_release_is_reported_and_stays_good_for_announcements()
    {
        using var folder = new TemporaryFolder();
        using var key = SigningKey.Generate();
        ReleaseBuilder.Publish(TestInput.Order() with { Rollout = new Rollout { WavePercent = 0 } }, key, folder.Path);

        var findings = ReleaseCheck.Run(folder.Path, [key.Public]);
        Assert.AreEqual(("who may take it", null, "no device while it is stopped (a wave of 0 percent)"),
            (findings[^1].Check, findings[^1].Passed, findings[^1].Detail));
        Assert.IsTrue(findings.SkipLast(1).All(f => f.Passed == true));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public void A_release_behind_links_is_good_and_a_large_file_behind_one_is_not_read()
    {
        using TemporaryFolder folder = new(), links = new();
        using var key = SigningKey.Generate();
        ReleaseBuilder.Publish(TestInput.Order(), key, folder.Path);
        foreach (var file in Directory.GetFiles(folder.Path)) File.CreateSymbolicLink(links.File(Path.GetFileName(file)), file);
        Assert.IsTrue(IsGood(links, key));
        using (var image = File.OpenWrite(Directory.GetFiles(folder.Path, "*.bin").Single())) image.SetLength(3L << 30);
        Assert.AreEqual("image file", FirstFailure(links, key));
    }

    private static bool IsGood(TemporaryFolder folder, SigningKey key) =>
        ReleaseCheck.Run(folder.Path, [key.Public]).All(f => f.Passed == true);

    private static string FirstFailure(TemporaryFolder folder, SigningKey key) =>
        ReleaseCheck.Run(folder.Path, [key.Public]).First(f => f.Passed == false).Check;
}
