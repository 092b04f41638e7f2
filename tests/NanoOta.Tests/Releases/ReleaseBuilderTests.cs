using NanoOta.Boards;
using NanoOta.Releases;

namespace NanoOta.Tests.Releases;

[TestClass]
public sealed class ReleaseBuilderTests
{
    [TestMethod]
    public void A_published_release_passes_every_check()
    {
        using var folder = new TemporaryFolder();
        using var key = SigningKey.Generate();
        var manifest = ReleaseBuilder.Publish(TestInput.Order(TestInput.Image(10_001)), key, folder.File("a/b"));

        Assert.AreEqual(("thermometer", TestInput.BoardName, "1.2.3", 4295098371L),
            (manifest.Product, manifest.Board, manifest.Version, manifest.Sequence));
        var findings = ReleaseCheck.Run(folder.File("a/b"), [key.Public]);
        foreach (var finding in findings) Assert.IsTrue(finding.Passed, $"{finding.Check}: {finding.Detail}");
    }

    [TestMethod]
    public void Files_are_named_after_the_image_and_older_ones_stay()
    {
        using var folder = new TemporaryFolder();
        using var key = SigningKey.Generate();
        AppImage first = TestInput.Image(1000), second = TestInput.Image(2000);
        ReleaseBuilder.Publish(TestInput.Order(first), key, folder.Path);
        ReleaseBuilder.Publish(TestInput.Order(second, "1.2.4"), key, folder.Path);

        string[] expected = [first.FileName + ".bin", first.FileName + ".idx", second.FileName + ".bin", second.FileName + ".idx"];
        CollectionAssert.AreEquivalent(expected.Append("manifest.cose").ToArray(),
            Directory.GetFiles(folder.Path).Select(Path.GetFileName).ToArray());
        StringAssert.StartsWith(Convert.ToHexStringLower(first.Digest), first.FileName["app-".Length..]);
        Assert.AreEqual("1.2.4", SignedManifest.Read(ReleaseCheck.ReadManifest(folder.Path)).Decode().Version);
    }

    [TestMethod]
    public void Publishing_again_keeps_a_good_image_file_and_repairs_a_damaged_one()
    {
        using var folder = new TemporaryFolder();
        using var key = SigningKey.Generate();
        var image = TestInput.Image();
        var past = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        ReleaseBuilder.Publish(TestInput.Order(image), key, folder.Path);
        var (bin, idx) = (folder.File(image.FileName + ".bin"), folder.File(image.FileName + ".idx"));
        File.SetLastWriteTimeUtc(bin, past);
        File.WriteAllText(idx, "damaged");

        ReleaseBuilder.Publish(TestInput.Order(image), key, folder.Path);

        Assert.AreEqual(past, File.GetLastWriteTimeUtc(bin));
        CollectionAssert.AreEqual(image.Index, File.ReadAllBytes(idx));
    }

    [TestMethod]
    public void The_old_release_stays_whole_when_publishing_is_interrupted()
    {
        using var folder = new TemporaryFolder();
        using var key = SigningKey.Generate();
        var second = TestInput.Image(2000);
        ReleaseBuilder.Publish(TestInput.Order(), key, folder.Path);
        Directory.CreateDirectory(folder.File(second.FileName + ".idx"));

        Assert.Throws<Exception>(() => ReleaseBuilder.Publish(TestInput.Order(second, "1.2.4"), key, folder.Path));

        Assert.HasCount(4, Directory.GetFileSystemEntries(folder.Path), "the old release, and the folder in the way");
        Assert.AreEqual("1.2.3", SignedManifest.Read(ReleaseCheck.ReadManifest(folder.Path)).Decode().Version);
        Assert.IsTrue(ReleaseCheck.Run(folder.Path, [key.Public]).All(f => f.Passed == true));
    }

    [TestMethod]
    public void A_refused_release_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        using var key = SigningKey.Generate();

        TestInput.Refusal(() => ReleaseBuilder.Publish(TestInput.Order(version: "one"), key, folder.File("out")));
        TestInput.Refusal(() => ReleaseBuilder.Publish(TestInput.Order() with { Product = "käse" }, key, folder.File("out")));
        Assert.IsFalse(Directory.Exists(folder.File("out")));
    }

    [TestMethod]
    public void An_image_fits_a_slot_to_the_last_byte()
    {
        int slot = TestInput.Board.Partitions.Slot(0).Size;
        ReleaseBuilder.CheckFit(TestInput.Board, TestInput.Image(slot));
        StringAssert.Contains(TestInput.Refusal(() => ReleaseBuilder.CheckFit(TestInput.Board, TestInput.Image(slot + 4))), $"only {slot}");
    }

    [TestMethod]
    public void The_largest_slot_of_any_board_has_an_index_that_fits()
    {
        using var folder = new TemporaryFolder();
        var board = LargeBoard(folder);
        var order = TestInput.Order(TestInput.Image(763 * 4096)) with { Board = board };
        ReleaseBuilder.CheckFit(board, order.App!);
        Assert.IsTrue(FlashImage.Read(board, FlashImage.Create(order), "flash").Single().IndexMatches);
        StringAssert.Contains(TestInput.Refusal(() => ReleaseBuilder.CheckFit(board, TestInput.Image(763 * 4096 + 4))), "only 3125248");
    }

    private static Board LargeBoard(TemporaryFolder folder)
    {
        folder.Write("table.csv", """
            factory,  app,  factory, 0x10000,  2M
            deploy_0, data, 0x84,    0x210000, 0x2FB000
            deploy_1, data, 0x84,    0x610000, 0x2FB000
            nanoota,  data, 0x40,    0xA10000, 72K
            """);
        return Board.Load(folder.Write("board.json",
            """{ "id": "large", "name": "Large", "chip": "esp32s3", "flashSize": "16MB", "partitions": "table.csv" }"""));
    }
}
