using NanoOta.Releases;

namespace NanoOta.Tests.Releases;

[TestClass]
public sealed class InputPathTests
{
    private readonly TemporaryFolder folder = new();

    [TestCleanup]
    public void CleanUp() => folder.Dispose();

    [TestMethod]
    public void A_file_larger_than_any_flash_is_refused_by_its_name()
    {
        var file = folder.Write("app.bin", []);
        using (var stream = File.OpenWrite(file)) stream.SetLength(InputPath.MaxFileLength);
        Assert.HasCount(InputPath.MaxFileLength, InputPath.Read(file));

        using (var stream = File.OpenWrite(file)) stream.SetLength(3L << 30);
        StringAssert.Contains(TestInput.Refusal(() => InputPath.Read(file)), "app.bin: is too large (3221225472 bytes; the maximum is 16777216");
        StringAssert.Contains(TestInput.Refusal(() => PublicKey.Load(file)), "app.bin: is too large (3221225472 bytes; the maximum is 1048576");
    }

    [TestMethod]
    public void A_file_is_read_whole()
    {
        CollectionAssert.AreEqual(new byte[] { 1, 2, 3 }, InputPath.Read(folder.Write("a", [1, 2, 3])));
        StringAssert.Contains(TestInput.Refusal(() => InputPath.Read(folder.Write("b", []))), "b: is empty");
        StringAssert.Contains(TestInput.Refusal(() => InputPath.Read(folder.Path)), "is a folder, not a file");
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public void Behind_a_link_the_target_counts_and_not_the_link()
    {
        File.CreateSymbolicLink(folder.File("link"), folder.Write("a", [1, 2, 3]));
        CollectionAssert.AreEqual(new byte[] { 1, 2, 3 }, InputPath.Read(folder.File("link"), most: 3));
        StringAssert.Contains(TestInput.Refusal(() => InputPath.Read(folder.File("link"), most: 2)), "link: is too large (3 bytes");
        File.Delete(folder.File("a"));
        StringAssert.Contains(TestInput.Refusal(() => InputPath.Read(folder.File("link"))), "link: there is no such file");
    }

    [TestMethod]
    public void An_output_folder_may_exist_when_it_is_empty()
    {
        InputPath.EmptyFolder(folder.File("new"));
        InputPath.EmptyFolder(folder.File("new"));
        folder.Write("new/x", "");
        StringAssert.Contains(TestInput.Refusal(() => InputPath.EmptyFolder(folder.File("new"))), "new: is not empty; give a new folder");
    }
}
