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
        var image = Some.Image();
        ReleaseBuilder.Publish(Some.Order(image), key, folder.Path);

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
        var image = Some.Image();
        ReleaseBuilder.Publish(Some.Order(image), key, folder.Path);
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
        StringAssert.Contains(Some.Refusal(() => IsGood(folder, key)), "no manifest.cose in it");
    }

    [TestMethod]
    public void Nothing_is_read_from_a_manifest_of_an_unknown_key()
    {
        using var folder = new TemporaryFolder();
        using var key = SigningKey.Generate();
        using var stranger = SigningKey.Generate();
        ReleaseBuilder.Publish(Some.Order(), stranger, folder.Path);

        var findings = ReleaseCheck.Run(folder.Path, [key.Public]);

        StringAssert.Contains(findings[1].Detail, "not a trusted one");
        CollectionAssert.AreEqual(new bool?[] { true, false }, findings.Take(2).Select(f => f.Passed).ToArray());
        Assert.IsTrue(findings.Skip(2).All(f => f is { Passed: null, Detail: "not checked" }));
        Assert.HasCount(12, findings);
    }

    [TestMethod]
    public void Any_of_several_trusted_keys_may_have_signed()
    {
        using var folder = new TemporaryFolder();
        using var old = SigningKey.Generate();
        using var key = SigningKey.Generate();
        ReleaseBuilder.Publish(Some.Order(), key, folder.Path);

        Assert.IsTrue(ReleaseCheck.Run(folder.Path, [old.Public, key.Public]).All(f => f.Passed == true));
    }

    private static bool IsGood(TemporaryFolder folder, SigningKey key) =>
        ReleaseCheck.Run(folder.Path, [key.Public]).All(f => f.Passed == true);

    private static string FirstFailure(TemporaryFolder folder, SigningKey key) =>
        ReleaseCheck.Run(folder.Path, [key.Public]).First(f => f.Passed == false).Check;
}
