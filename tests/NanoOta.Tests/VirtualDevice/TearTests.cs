using NanoOta.VirtualDevice;

namespace NanoOta.Tests.VirtualDevice;

[TestClass]
public sealed class TearTests
{
    private const int Seeds = 200;

    private static readonly byte[] Data = [.. Enumerable.Range(0, 256).Select(i => (byte)(i * 37))];

    [TestMethod]
    public void A_torn_operation_leaves_the_same_bits_for_the_same_seed()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            CollectionAssert.AreEqual(TornProgram(seed), TornProgram(seed), $"program, seed {seed}");
            CollectionAssert.AreEqual(TornErase(seed), TornErase(seed), $"erase, seed {seed}");
        }
    }

    [TestMethod]
    public void Different_seeds_tear_differently()
    {
        Assert.IsGreaterThan(Seeds / 4, Outcomes(TornProgram));
        Assert.IsGreaterThan(Seeds / 2, Outcomes(TornErase));
    }

    [TestMethod]
    public void A_torn_program_only_clears_bits_that_it_should_clear_and_stays_in_its_range()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            var cells = TornProgram(seed);
            for (int i = 0; i < Data.Length; i++) Assert.AreEqual(Data[i], (byte)(cells[i] & Data[i]), $"seed {seed}, byte {i}");
            Assert.IsFalse(cells.AsSpan(Data.Length).ContainsAnyExcept((byte)0xFF), $"seed {seed}");
        }
    }

    [TestMethod]
    public void A_torn_erase_only_sets_bits()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            var cells = TornErase(seed);
            for (int i = 0; i < Data.Length; i++) Assert.AreEqual(Data[i], (byte)(cells[i] & Data[i]), $"seed {seed}, byte {i}");
        }
    }

    [TestMethod]
    public void A_torn_erase_may_have_hardly_begun_or_be_nearly_done()
    {
        var changed = Enumerable.Range(0, Seeds).Select(seed => TornErase(seed).Count(b => b == 0xFF)).ToList();
        Assert.IsLessThan(40, changed.Min());
        Assert.IsGreaterThan(NorFlash.SectorSize - 40, changed.Max());
    }

    private static int Outcomes(Func<int, byte[]> tear) =>
        Enumerable.Range(0, Seeds).Select(seed => Convert.ToHexString(tear(seed))).Distinct().Count();

    private static byte[] TornProgram(int seed)
    {
        var flash = new NorFlash(NorFlash.SectorSize);
        flash.Arm(PowerCut.At(1, CutMoment.Torn, seed));
        Assert.ThrowsExactly<PowerLostException>(() => flash.Program(0, Data));
        return flash.Snapshot();
    }

    private static byte[] TornErase(int seed)
    {
        var full = Enumerable.Repeat(Data, NorFlash.SectorSize / Data.Length).SelectMany(d => d).ToArray();
        var flash = new NorFlash(full);
        flash.Arm(PowerCut.At(1, CutMoment.Torn, seed));
        Assert.ThrowsExactly<PowerLostException>(() => flash.EraseSector(0));
        return flash.Snapshot();
    }
}
