using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using NanoOta.Boards;
using NanoOta.Tests.Releases;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Boards;

/// <summary>
/// The table on the chip. Expected bytes are written out from ESP-IDF's format; digests of entries were computed with md5sum.
/// </summary>
[TestClass]
public sealed class PartitionBinaryTests
{
    [TestMethod]
    public void Every_byte_is_as_in_the_format()
    {
        using var folder = new TemporaryFolder();
        var table = PartitionTable.Load(folder.Write("table.csv", """
            factory,  app,  factory, 0x10000,  0x1D0000,
            deploy_0, data, 0x84,    0x1E0000, 0xD0000,
            deploy_1, data, 0x84,    0x2B0000, 0xD0000, encrypted
            nanoota,  data, 0x40,    0x380000, 0x40000,
            fifteen_letters, data, nvs, 0x3C0000, 4K, readonly:encrypted
            """), 4 << 20);

        var bytes = PartitionBinary.Create(table);

        string[] expected =
        [
            "AA50" + "00" + "00" + "00000100" + "00001D00" + "666163746F7279000000000000000000" + "00000000",
            "AA50" + "01" + "84" + "00001E00" + "00000D00" + "6465706C6F795F300000000000000000" + "00000000",
            "AA50" + "01" + "84" + "00002B00" + "00000D00" + "6465706C6F795F310000000000000000" + "01000000",
            "AA50" + "01" + "40" + "00003800" + "00000400" + "6E616E6F6F7461000000000000000000" + "00000000",
            "AA50" + "01" + "02" + "00003C00" + "00100000" + "6669667465656E5F6C65747465727300" + "03000000",
            "EBEB" + "FFFFFFFFFFFFFFFFFFFFFFFFFFFF" + "341170226F8DB75CB580706D26F54B39",
        ];
        Assert.HasCount(0xC00, bytes);
        Assert.AreEqual(string.Concat(expected), Convert.ToHexString(bytes, 0, 6 * 32));
        Assert.IsTrue(Bytes.All(bytes, 6 * 32, 0xC00 - 6 * 32, 0xFF));
    }

    [TestMethod]
    [DataRow("esp32-devkitc-4mb", "2902a8daef41d0990baacaf24aba66e2")]
    [DataRow("lolin-d32-4mb", "2902a8daef41d0990baacaf24aba66e2")]
    [DataRow("esp32-c3-devkitm-4mb", "eaab617a0513ab8d5b3f1e5dfeda798e")]
    [DataRow("esp32-s3-devkitc-1-8mb", "20757d4d752142883e046aea725c8128")]
    [DataRow("esp32-s3-devkitc-1-16mb", "9422e15092d18223f5029eed09df7f69")]
    public void The_layout_of_a_board_never_changes(string name, string md5)
    {
        var table = AllBoards.Load(name).Partitions;
        var bytes = PartitionBinary.Create(table);

        int end = 32 * table.Partitions.Count;
        Assert.AreEqual(md5, Convert.ToHexStringLower(bytes, end + 16, 16));
        CollectionAssert.AreEqual(table.Partitions.Select(p => p with { Line = 0 }).ToArray(), Parse(bytes[..end]).ToArray());
    }

    [TestMethod]
    public void No_partition_table_is_without_a_board_whose_digest_is_known()
    {
        var known = typeof(PartitionBinaryTests).GetMethod(nameof(The_layout_of_a_board_never_changes))!
            .GetCustomAttributes(typeof(DataRowAttribute), false).Cast<DataRowAttribute>().Select(row => TableOf((string)row.Data[0]!));
        var tables = Directory.GetFiles(Repository.At("bootloader-config", "partitions"));
        CollectionAssert.AreEquivalent(tables, known.Distinct().ToArray());
    }

    private static string TableOf(string board) => Path.GetFullPath(Repository.At("boards", board,
        JsonNode.Parse(File.ReadAllText(AllBoards.FileOf(board)))!["partitions"]!.GetValue<string>()));

    private static IEnumerable<Partition> Parse(byte[] entries) => entries.Chunk(32).Select(entry =>
    {
        Assert.AreEqual(0x50AA, BinaryPrimitives.ReadUInt16LittleEndian(entry));
        return new Partition(Encoding.ASCII.GetString(entry, 12, 16).TrimEnd('\0'), entry[2], entry[3],
            BinaryPrimitives.ReadInt32LittleEndian(entry.AsSpan(4)), BinaryPrimitives.ReadInt32LittleEndian(entry.AsSpan(8)),
            BinaryPrimitives.ReadUInt32LittleEndian(entry.AsSpan(28)), 0);
    });
}
