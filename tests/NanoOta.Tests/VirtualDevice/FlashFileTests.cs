using NanoOta.VirtualDevice;

namespace NanoOta.Tests.VirtualDevice;

[TestClass]
public sealed class FlashFileTests
{
    private const int Size = 2 * NorFlash.SectorSize;

    private readonly string path = Path.Combine(Path.GetTempPath(), $"nanoota-{Guid.NewGuid():N}.flash");

    [TestCleanup]
    public void Remove() => File.Delete(path);

    [TestMethod]
    public void Completed_operations_and_torn_bits_are_in_the_file()
    {
        byte[] expected;
        using (var flash = NorFlash.Open(path, Size))
        {
            flash.Program(4096, [1, 2, 3, 4]);
            flash.EraseSector(4096);
            flash.Program(4096, [5, 6, 7, 8]);
            flash.Arm(PowerCut.At(1, CutMoment.Torn, 5));
            Assert.ThrowsExactly<PowerLostException>(() => flash.Program(0, new byte[4096]));
            expected = flash.Snapshot();
        }

        Assert.Contains((byte)0, expected);
        CollectionAssert.AreEqual(expected, File.ReadAllBytes(path));
    }

    [TestMethod]
    public void A_flash_file_is_opened_with_its_content()
    {
        using (var flash = NorFlash.Open(path, Size)) flash.Program(0, [1, 2, 3, 4]);
        using var again = NorFlash.Open(path, Size);
        Assert.AreEqual(1, again.Snapshot()[0]);
    }

    [TestMethod]
    public void A_flash_file_in_use_is_refused_by_name()
    {
        using var flash = NorFlash.Open(path, Size);
        var error = Assert.ThrowsExactly<FlashFileException>(() => NorFlash.Open(path, Size));
        Assert.Contains($"the flash file {path} is in use by another device", error.Message);
    }

    [TestMethod]
    public void A_flash_file_of_another_size_is_refused_with_the_remedy_and_unchanged()
    {
        File.WriteAllBytes(path, new byte[100]);
        var error = Assert.ThrowsExactly<FlashFileException>(() => NorFlash.Open(path, Size));
        Assert.Contains(path, error.Message);
        Assert.Contains("has 100 bytes, but this board's flash has 8192; choose the board", error.Message);
        Assert.AreEqual(100, new FileInfo(path).Length);
    }

    [TestMethod]
    public void A_flash_file_that_cannot_be_written_is_named_and_the_operation_fails()
    {
        if (!OperatingSystem.IsLinux()) Assert.Inconclusive("a file that stops taking bytes is made with memfd_create");
        int file = SealedFile.Create(Size);
        using var flash = NorFlash.Open(SealedFile.PathOf(file), Size);
        flash.EraseSector(0);
        SealedFile.Seal(file);

        var error = Assert.ThrowsExactly<FlashFileException>(() => flash.EraseSector(4096));
        Assert.Contains($"the flash file {SealedFile.PathOf(file)} cannot be written", error.Message);
    }

    [TestMethod]
    public void An_impossible_path_is_refused_by_name()
    {
        var error = Assert.ThrowsExactly<FlashFileException>(() => NorFlash.Open("/no/such/folder/flash", Size));
        Assert.Contains("/no/such/folder/flash", error.Message);
    }
}
