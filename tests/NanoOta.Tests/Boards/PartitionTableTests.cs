using NanoOta.Boards;
using NanoOta.Tests.Releases;

namespace NanoOta.Tests.Boards;

[TestClass]
public sealed class PartitionTableTests
{
    private const string Good = """
        # line 1
        nvs,       data, nvs,      0x9000,   16K,
        otadata,   data, ota,      0xD000,   0x2000,
        ota_0,     app,  ota_0,    0x10000,  0x100000,
        ota_1,     app,  ota_1,    0x110000, 1M
        deploy_0,  data, 0x84,     0x210000, 0xC0000,
        deploy_1,  data, 132,      0x2D0000, 0xC0000, encrypted
        nanoota,   data, 0x40,     0x390000, 0x1E000,
        config,    data, littlefs, 0x3AE000, 0x40000, readonly:encrypted
        """;

    [TestMethod]
    public void A_table_yields_what_the_tools_need()
    {
        var table = Load(Good);
        Assert.HasCount(8, table.Partitions);
        Assert.AreEqual(new Partition("deploy_1", 1, 0x84, 0x2D0000, 0xC0000, Partition.Encrypted, 7), table.Slot(1));
        Assert.AreEqual(("ota_0", 2, "otadata", "nanoota"),
            (table.Runtime.Name, table.RuntimeSlots, table.OtaData?.Name, table.Records.Name));
        Assert.AreEqual(3u, table.Partitions[^1].Flags);
    }

    [TestMethod]
    [DataRow("nvs,       data, nvs,  ", "nvs data ", "(2): line 'nvs data     0x9000,   16K,' is wrong; expected name, type")]
    [DataRow("16K,", "16K, # small", "(2): flag '# small' is wrong; expected encrypted, readonly")]
    [DataRow("16K,", "16K,, more", "(2): line 'nvs,       data, nvs,      0x9000,   16K,, more' is wrong")]
    [DataRow("nvs,       data", "a_name_of_16_chars,data", "(2): name 'a_name_of_16_chars' is wrong; expected 1 to 15")]
    [DataRow("data, nvs", "text, nvs", "(2): type 'text' is wrong")]
    [DataRow("data, nvs", "data, vns", "(2): subtype 'vns' is wrong; expected ota, phy, nvs, coredump, littlefs or a number")]
    [DataRow("data, nvs", "data, 256", "(2): subtype '256' is wrong")]
    [DataRow("0x9000", "0x9OOO", "(2): offset '0x9OOO' is wrong; expected a number of bytes such as 0x10000, 64K or 1M")]
    [DataRow("0x9000", "0x8000", "(2): offset '0x8000' is wrong; expected 0x9000 or more; bootloader and partition table")]
    [DataRow("0x9000", "0x9004", "(2): offset '0x9004' is wrong; expected a multiple of 0x1000")]
    [DataRow("0x10000,  0x100000", "0xF000,   0x100000", "(4): offset '0xF000' is wrong; expected a multiple of 0x10000")]
    [DataRow("16K", "16388", "(2): size '0x4004' is wrong; expected a multiple of 0x1000")]
    [DataRow("16K", "0", "(2): size '0x0' is wrong")]
    [DataRow("16K", "32K", "(3): offset '0xD000' is wrong; expected a free range: it overlaps 'nvs' (line 2)")]
    [DataRow("0x3AE000, 0x40000", "0x3AE000, 0x5F000", "(9): size '0x5F000' is wrong; expected an end within the flash of 0x400000")]
    [DataRow("0x3AE000, 0x40000", "0x3AE000, 2047M", "(9): size '0x7FF00000' is wrong; expected an end within the flash")]
    [DataRow("config, ", "nvs, ", "(9): name 'nvs' is wrong; expected a unique name (line 2 has the same one)")]
    [DataRow("app,  ota_1", "app,  ota_0", "(5): subtype '0x10' is wrong; expected a unique subtype (line 4 has the same one)")]
    [DataRow("app,  ota_1", "app,  ota_2", "(5): subtype 'ota_2' is wrong; expected ota_1: slot numbers have no gaps")]
    [DataRow("0x110000, 1M", "0x110000, 512K", "(5): size '0x80000' is wrong; expected 0x100000, the size of 'ota_0'")]
    [DataRow("app,  ota_1", "app,  test", "(4): 'ota_0' alone cannot be updated; add ota_1, or make it factory")]
    [DataRow("app,  ota_0, ", "app,  test, ", "(5): 'ota_1' alone cannot be updated; add ota_0, or make it factory")]
    [DataRow("0x110000, 1M", "0x3FD000, 12K", "(5): offset '0x3FD000' is wrong; expected a multiple of 0x10000")]
    [DataRow("0x3AE000, 0x40000", "0x3AD000, 0x40000", "(9): offset '0x3AD000' is wrong; expected a free range: it overlaps 'nanoota'")]
    [DataRow("0x110000, 1M", ", 1M", "(5): offset '' is wrong; expected a number of bytes such as 0x10000, 64K or 1M")]
    [DataRow("0x110000, 1M", "0x110000,", "(5): size '' is wrong; expected a number of bytes")]
    [DataRow("0x110000, 1M", "0x110000, 1M # x", "(5): size '1M # x' is wrong; expected a number of bytes")]
    [DataRow("0x110000, 1M", "0x110000, 1.5M", "(5): size '1.5M' is wrong; expected a number of bytes")]
    [DataRow("0x110000, 1M", "0x110000, -1M", "(5): size '-1M' is wrong; expected a number of bytes")]
    [DataRow("data, ota, ", "data, 6, ", "(4): 'ota_0' needs otadata; add a partition (data, ota, size 0x2000)")]
    [DataRow("0x2000", "0x1000", "(3): size '0x1000' is wrong; expected 0x2000, the size of an otadata partition")]
    [DataRow("data, littlefs", "data, ota", "(9): a second otadata partition; remove it")]
    [DataRow("deploy_1,", "deploy,", "(9): no partition 'deploy_1'; add it (data, 0x84)")]
    [DataRow("data, 132", "data, 131", "(7): subtype '0x83' is wrong; expected type data and subtype 0x84 for 'deploy_1'")]
    [DataRow("0x2D0000, 0xC0000", "0x2D0000, 0xB0000", "(7): size '0xB0000' is wrong; expected 0xC0000, the size of 'deploy_0'")]
    [DataRow("data, littlefs", "data, 0x84", "(9): subtype '0x84' is wrong; expected another one: only 'deploy_0'")]
    [DataRow("0x390000, 0x1E000", "0x390000, 0x1D000", "(8): size '0x1D000' is wrong; expected at least 0x1E000 for records, indexes")]
    [DataRow("data, littlefs, 0x3AE000, 0x40000", "app, ota_2, 0x3B0000, 64K", "(9): 'config' is a third runtime slot; remove it")]
    [DataRow("data, littlefs, 0x3AE000, 0x40000", "app, factory, 0x3B0000, 64K", "(9): 'config' would boot in place of ota_0 and ota_1")]
    [DataRow("0x1E000,\nconfig", "0x1E000, readonly\nconfig", "(8): flag 'readonly' is wrong; expected none, because devices")]
    public void A_wrong_table_is_reported_with_its_line_and_the_remedy(string part, string change, string message)
    {
        Assert.IsTrue(Good.Contains(part));
        var error = Assert.ThrowsExactly<BoardException>(() => Load(Good.Replace(part, change)));
        StringAssert.Contains(string.Join('\n', error.Errors), "table.csv" + message);
    }

    [TestMethod]
    [DataRow("0x100000")]
    [DataRow("0X100000")]
    [DataRow("1048576")]
    [DataRow("1024K")]
    [DataRow("1024k")]
    [DataRow("1M")]
    [DataRow("1m")]
    public void A_size_may_be_written_in_each_of_ESP_IDFs_ways(string size) =>
        Assert.AreEqual(1 << 20, Load(Good.Replace("0x110000, 1M", "0x110000, " + size)).Partitions.Single(p => p.Name == "ota_1").Size);

    [TestMethod]
    [DataRow("\r", "ends its lines with CR alone; save it with LF or CR LF")]
    [DataRow("\n\0\n", "is binary, not text")]
    [DataRow("\n\u001b[2J\n", "is binary, not text")]
    public void A_table_that_is_not_text_is_named_and_its_content_is_not_printed(string end, string message)
    {
        var refusal = Refusal(Good.Replace("\n", end));
        StringAssert.Contains(refusal, "table.csv: " + message);
        Assert.IsFalse(refusal.Any(char.IsControl));
    }

    [TestMethod]
    public void Line_ends_of_Windows_do_not_matter() => Assert.HasCount(8, Load(Good.Replace("\n", "\r\n")).Partitions);

    [TestMethod]
    public void A_table_without_a_runtime_partition_is_reported()
    {
        var slotless = string.Join('\n', Good.Split('\n').Where(line => !line.StartsWith("ota_")));
        StringAssert.Contains(Refusal(slotless), "(3): 'otadata' needs ota_0 and ota_1; add them, or remove it");
        StringAssert.Contains(Refusal(slotless.Replace("otadata,   data, ota", "other,     data, 6")),
            "(7): no partition for the runtime; add 'factory' (app, factory), or otadata, ota_0 and ota_1");
    }

    [TestMethod]
    public void Slots_in_the_wrong_order_are_reported()
    {
        var swapped = Good.Replace("deploy_0,", "deploy_x,").Replace("deploy_1,", "deploy_0,").Replace("deploy_x,", "deploy_1,");
        StringAssert.Contains(Refusal(swapped), "(6): name 'deploy_1' is wrong; expected a line and offset after 'deploy_0'");
    }

    [TestMethod]
    public void A_slot_is_as_large_as_an_index_region_describes()
    {
        Table(763 * 4096);
        StringAssert.Contains(Assert.ThrowsExactly<BoardException>(() => Table(764 * 4096)).Message,
            "(2): size '0x2FC000' is wrong; expected at most 0x2FB000, the maximum of an index region");

        static PartitionTable Table(int slot) => Load($"""
            factory,  app,  factory, 0x10000,  0x1D0000,
            deploy_0, data, 0x84,    0x200000, {slot}
            deploy_1, data, 0x84,    0x600000, {slot}
            nanoota,  data, 0x40,    0xA00000, 72K
            """, 16 << 20);
    }

    [TestMethod]
    public void More_partitions_than_the_chip_s_table_holds_are_reported()
    {
        Assert.HasCount(94, Load(Many(94), 8 << 20).Partitions);
        StringAssert.Contains(Refusal(Many(95), 8 << 20), "(96): 95 partitions are too many; keep 94 at most");

        static string Many(int count) => Good + "\n"
            + string.Join('\n', Enumerable.Range(0, count - 8).Select(i => $"x{i}, data, 6, 0x{0x400000 + i * 0x1000:X}, 0x1000"));
    }

    private static string Refusal(string csv, int flashSize = 4 << 20) =>
        Assert.ThrowsExactly<BoardException>(() => Load(csv, flashSize)).Message;

    private static PartitionTable Load(string csv, int flashSize = 4 << 20)
    {
        using var folder = new TemporaryFolder();
        return PartitionTable.Load(folder.Write("table.csv", csv), flashSize);
    }
}
