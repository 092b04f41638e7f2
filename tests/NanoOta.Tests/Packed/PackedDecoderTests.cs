using System.Reflection;
using NanoOta.Releases.Packing;
using NanoOta.Tests.Releases;

namespace NanoOta.Tests.Packed;

/// <summary>What a decoder needs and how it ends.</summary>
[TestClass]
public sealed class PackedDecoderTests
{
    [TestMethod]
    public void A_decoder_has_arrays_of_7508_bytes_in_all()
    {
        Assert.AreEqual(7508, Arrays(new PackedDecoder(new StrictFlash([], 1, []))));
        Assert.AreEqual(7508, EncodingBench.DecoderMemory);
    }

    [TestMethod]
    public void A_step_allocates_nothing()
    {
        byte[] file = PackedImage.ChangedCorePatch();
        var flash = new StrictFlash(RealCore.Pe, RealCore.Pe.Length, file);
        var decoder = Start(flash, file);
        var block = new byte[BlockIndex.BlockSize];
        Assert.AreEqual(UpdateError.None, Step(flash, decoder, block));
        long before = GC.GetAllocatedBytesForCurrentThread();
        while (!decoder.IsDone) Assert.IsTrue(Step(flash, decoder, block) == UpdateError.None);
        Assert.IsLessThan(200, GC.GetAllocatedBytesForCurrentThread() - before);
        CollectionAssert.AreEqual(PackedImage.ChangedCore(), flash.Output);
    }

    [TestMethod]
    public void No_step_follows_the_last_one_or_an_error()
    {
        byte[] file = PackedImage.ChangedCorePatch();
        var flash = new StrictFlash(RealCore.Pe, RealCore.Pe.Length, file);
        var block = new byte[BlockIndex.BlockSize];
        Assert.AreEqual(UpdateError.BlockCorrupt, new PackedDecoder(flash).Step(block));
        var decoder = Start(flash, file);
        while (!decoder.IsDone) Step(flash, decoder, block);
        Assert.AreEqual(UpdateError.BlockCorrupt, decoder.Step(block));
        flash.Broken = FlashArea.RunningSlot;
        decoder = Start(flash, file);
        Assert.AreEqual(UpdateError.FlashReadFailed, decoder.Step(block));
        flash.Broken = null;
        Assert.AreEqual(UpdateError.BlockCorrupt, decoder.Step(block));
        Assert.IsFalse(decoder.IsDone);
    }

    [TestMethod]
    public void A_decoder_reads_flash_by_runs_and_not_by_bytes()
    {
        byte[] file = PackedImage.ChangedCorePatch();
        var flash = new StrictFlash(RealCore.Pe, RealCore.Pe.Length, file);
        Assert.AreEqual(UpdateError.None, PackedImage.Unpack(flash, file, RealCore.Pe.Length, true));
        Assert.IsLessThan(100, flash.Reads);
    }

    [TestMethod]
    public void Code_that_no_coder_wrote_is_refused_at_once()
    {
        byte[] file = PackedImage.ChangedCorePatch();
        var table = Table(new StrictFlash(RealCore.Pe, RealCore.Pe.Length, file));
        var decoder = new PackedDecoder(new StrictFlash(RealCore.Pe, RealCore.Pe.Length, file));
        decoder.Code[0] = 0x80;
        Assert.AreEqual(UpdateError.BlockCorrupt, decoder.Begin(table));
        new byte[] { 0x7F, 0xFF, 0xFF, 0xFF }.CopyTo(decoder.Code, 0);
        Assert.AreEqual(UpdateError.BlockCorrupt, decoder.Begin(table));
    }

    private static PackedTable Table(StrictFlash flash)
    {
        var table = new PackedTable(flash, FlashArea.InactiveIndex, 0);
        Assert.AreEqual(UpdateError.None, table.Open(RealCore.Pe.Length, RealCore.Pe.Length));
        Assert.AreEqual(UpdateError.None, table.Next());
        return table;
    }

    private static PackedDecoder Start(StrictFlash flash, byte[] file)
    {
        var table = Table(flash);
        Assert.IsTrue(table.IsAtEnd);
        var decoder = new PackedDecoder(flash);
        Array.Copy(file, table.CodeOffset, decoder.Code, 0, table.CodeLength);
        Assert.AreEqual(UpdateError.None, decoder.Begin(table));
        return decoder;
    }

    private static UpdateError Step(StrictFlash flash, PackedDecoder decoder, byte[] block)
    {
        int number = decoder.Block;
        var error = decoder.Step(block);
        flash.Take(block, number * BlockIndex.BlockSize, BlockIndex.BlockLength(flash.Output.Length, number));
        return error;
    }

    private static int Arrays(object part) => part.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)
        .Select(field => (field.Name, Value: field.GetValue(part)))
        .Sum(field => field.Value is Array array ? Buffer.ByteLength(array)
            : field.Value?.GetType().Name is "BitDecoder" && part is not PackedDecoder ? 0
            : field.Value?.GetType().Name is "BitDecoder" or "DifferenceDecoder" ? Arrays(field.Value) : 0);
}
