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
        StringAssert.Contains(Some.Refusal(() => InputPath.Read(file)), "app.bin: is larger than any flash (16777216 bytes)");
        StringAssert.Contains(Some.Refusal(() => PublicKey.Load(file)), "app.bin: is larger than any flash");
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public void A_device_that_never_ends_is_refused() =>
        StringAssert.Contains(Some.Refusal(() => InputPath.Read("/dev/zero")), "/dev/zero: is larger than any flash");

    [TestMethod]
    public void A_file_is_read_whole()
    {
        CollectionAssert.AreEqual(new byte[] { 1, 2, 3 }, InputPath.Read(folder.Write("a", [1, 2, 3])));
        Assert.IsEmpty(InputPath.Read(folder.Write("b", [])));
    }

    [TestMethod]
    public void A_folder_that_must_be_new_may_be_there_but_hold_nothing()
    {
        InputPath.EmptyFolder(folder.File("new"));
        InputPath.EmptyFolder(folder.File("new"));
        folder.Write("new/x", "");
        StringAssert.Contains(Some.Refusal(() => InputPath.EmptyFolder(folder.File("new"))), "new: is not empty; give a new folder");
    }
}
