namespace NanoOta.Tests.Packed;

/// <summary>Every bound of header and table.</summary>
[TestClass]
public sealed class PackedTableTests
{
    private const int ImageSize = 130 * 4096 - 5;
    private const int BaseSize = 5000;

    [TestMethod]
    public void A_table_is_walked_in_the_order_of_the_stream()
    {
        var table = Open(File((100, 128), (4091, 1), (7, 1)), out var error);
        Assert.AreEqual(UpdateError.None, error);
        Assert.AreEqual(3, table.Segments);
        Assert.AreEqual("64+100: 0+128, 164+4091: 128+1 raw, 4255+7: 129+1", string.Join(", ", Walk(table)));
        Assert.AreEqual("1 129 0", $"{table.BlockAt(0)} {table.BlockAt(128)} {table.BlockAt(129)}");
        Assert.AreEqual(UpdateError.IndexCorrupt, table.Next());
    }

    [TestMethod]
    public void Every_number_of_an_entry_that_is_out_of_range_is_refused()
    {
        Refuses(File((0, 128), (1, 2)));
        Refuses(File((4097, 128), (1, 2)));
        Refuses(File((1, 129), (1, 1)));
        Refuses(File((1, 128), (1, 0), (1, 2)));
        Refuses(File((1, 128), (1, 1)));
        Refuses(File((1, 128), (1, 3)));
        Refuses(File((1, 128), (1, 65535)));
        Refuses(File([.. Enumerable.Repeat((1, 1), 131)]));
        Refuses(File());
    }

    [TestMethod]
    public void Every_field_of_the_header_is_checked()
    {
        byte[] file = File((1, 128), (1, 2));
        for (int i = 0; i < PackedTable.HeaderLength; i++)
        {
            file[i] ^= 0x81;
            Open(file, out var error);
            Assert.AreEqual(i is 4 or 5 ? UpdateError.IndexUnknownFormat : UpdateError.IndexCorrupt, error, $"byte {i}");
            file[i] ^= 0x81;
        }

        Assert.AreEqual(UpdateError.IndexCorrupt, PackedTable.CheckHeader(file, 0, ImageSize + 1, BaseSize));
        Assert.AreEqual(UpdateError.IndexCorrupt, PackedTable.CheckHeader(file, 0, ImageSize, 0));
        Assert.AreEqual(UpdateError.IndexCorrupt, PackedTable.CheckHeader(file, 0, -1, BaseSize));
    }

    [TestMethod]
    public void Sizes_beyond_the_format_or_the_slots_are_refused()
    {
        byte[] file = File((1, 128), (1, 2));
        Bytes.PutU32(file, 8, PackedModel.MaxImage + 1);
        Assert.AreEqual(UpdateError.IndexCorrupt, PackedTable.CheckHeader(file, 0, PackedModel.MaxImage + 1, BaseSize));
        file = File((1, 128), (1, 2));
        Bytes.PutU32(file, 12, PackedModel.MaxImage + 1);
        Assert.AreEqual(UpdateError.IndexCorrupt, PackedTable.CheckHeader(file, 0, ImageSize, PackedModel.MaxImage + 1));
        file = File((1, 128), (1, 2));
        var small = new PackedTable(new StrictFlash(new byte[BaseSize], ImageSize - 1, file), FlashArea.InactiveIndex, 0);
        Assert.AreEqual(UpdateError.IndexCorrupt, small.Open(ImageSize, BaseSize));
        small = new PackedTable(new StrictFlash(new byte[BaseSize - 1], ImageSize, file), FlashArea.InactiveIndex, 0);
        Assert.AreEqual(UpdateError.IndexCorrupt, small.Open(ImageSize, BaseSize));
        small = new PackedTable(new StrictFlash(new byte[BaseSize], ImageSize, file[..47]), FlashArea.InactiveIndex, 0);
        Assert.AreEqual(UpdateError.IndexCorrupt, small.Open(ImageSize, BaseSize));
    }

    [TestMethod]
    public void A_table_that_cannot_be_read_is_no_corrupt_one()
    {
        var flash = new StrictFlash(new byte[BaseSize], ImageSize, File((1, 128), (1, 2))) { Broken = FlashArea.InactiveIndex };
        Assert.AreEqual(UpdateError.FlashReadFailed, new PackedTable(flash, FlashArea.InactiveIndex, 0).Open(ImageSize, BaseSize));
    }

    private static IEnumerable<string> Walk(PackedTable table)
    {
        while (!table.IsAtEnd)
        {
            Assert.AreEqual(UpdateError.None, table.Next());
            yield return $"{table.CodeOffset}+{table.CodeLength}: {table.First}+{table.Blocks}" + (table.IsRaw ? " raw" : "");
        }
    }

    private static void Refuses(byte[] file)
    {
        Open(file, out var error);
        Assert.AreEqual(UpdateError.IndexCorrupt, error);
    }

    private static PackedTable Open(byte[] file, out UpdateError error)
    {
        var table = new PackedTable(new StrictFlash(new byte[BaseSize], ImageSize, file), FlashArea.InactiveIndex, 0);
        error = table.Open(ImageSize, BaseSize);
        return table;
    }

    private static byte[] File(params (int Code, int Blocks)[] segments)
    {
        var file = new byte[PackedTable.HeaderLength + PackedTable.EntryLength * segments.Length];
        "NODP\x01"u8.CopyTo(file);
        Bytes.PutU16(file, 6, segments.Length);
        Bytes.PutU32(file, 8, ImageSize);
        Bytes.PutU32(file, 12, BaseSize);
        for (int i = 0; i < segments.Length; i++)
        {
            Bytes.PutU16(file, PackedTable.HeaderLength + PackedTable.EntryLength * i, segments[i].Code);
            Bytes.PutU16(file, PackedTable.HeaderLength + PackedTable.EntryLength * i + 2, segments[i].Blocks);
        }

        return file;
    }
}
