using NanoOta.Boards;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Boards;

/// <summary>What every board of the repository promises. Layouts are a contract with devices in the field.</summary>
[TestClass]
public sealed class ShippedBoardsTests
{
    private const int Megabyte = 1 << 20;

    /// <summary>nanoFramework's own tables: chip, size of factory, offset of deploy, offset of config.</summary>
    private static readonly Dictionary<string, (int Factory, int Deploy, int Config)> Stock = new()
    {
        ["esp32 4"] = (0x1D0000, 0x1E0000, 0x3C0000),
        ["esp32c3 4"] = (0x1A0000, 0x1B0000, 0x3C0000),
        ["esp32s3 8"] = (0x1A0000, 0x1B0000, 0x490000),
        ["esp32s3 16"] = (0x1A0000, 0x1B0000, 0x490000),
    };

    public static IEnumerable<string> Names => AllBoards.Names;

    [TestMethod]
    public void The_boards_are_there()
    {
        string[] expected =
            ["esp32-c3-devkitm-4mb", "esp32-devkitc-4mb", "esp32-s3-devkitc-1-16mb", "esp32-s3-devkitc-1-8mb", "lolin-d32-4mb"];
        CollectionAssert.AreEqual(expected, Names.ToArray());
        CollectionAssert.IsSubsetOf(expected, BoardFolders.All().Keys.ToArray(), "the tool carries them along");
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Each_is_called_as_its_folder_and_has_a_readme(string name)
    {
        Assert.AreEqual(name, AllBoards.Load(name).Id);
        StringAssert.Contains(File.ReadAllText(Repository.At("boards", name, "README.md")), "## Flashing");
        StringAssert.Contains(File.ReadAllText(Repository.At("boards", "README.md")), $"({name}/README.md)");
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Each_has_the_wire_protocol_on_the_uart_of_its_usb_bridge(string name)
    {
        var lines = File.ReadAllLines(Repository.At("boards", name, "nanoota.conf")).Where(line => line.StartsWith("CONFIG_NF_WP_"));
        CollectionAssert.AreEqual(new[] { "CONFIG_NF_WP_TRANSPORT_SERIAL=y" }, lines.ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void The_runtime_lies_where_stock_tools_put_it_and_has_room(string name)
    {
        var board = AllBoards.Load(name);
        var (factory, deploy, _) = StockOf(board);
        Assert.AreEqual(0x10000, board.Partitions.Runtime.Offset);
        if (board.Partitions.RuntimeSlots == 0)
        {
            Assert.AreEqual(factory, board.Partitions.Runtime.Size, "4 MB leave no room for more than stock has");
            Assert.AreEqual(deploy, board.Partitions.Slot(0).Offset, "tools that deploy by cable find slot 0 there");
        }
        else
            Assert.IsGreaterThanOrEqualTo(factory + factory / 5, board.Partitions.Runtime.Size, "a fifth to grow");
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Boards_of_8_MB_and_more_have_two_runtime_slots(string name)
    {
        var board = AllBoards.Load(name);
        Assert.AreEqual(board.FlashSize >= 8 * Megabyte ? 2 : 0, board.Partitions.RuntimeSlots);
        Assert.AreEqual(board.Partitions.RuntimeSlots > 0, board.Partitions.OtaData != null);
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void App_slots_have_room_for_today_and_an_index_for_all_of_it(string name)
    {
        int slot = AllBoards.Load(name).Partitions.Slot(0).Size;
        Assert.IsInRange(Megabyte / 2, 763 * 4096, slot);
        Assert.AreEqual(0, slot % 0x10000, "the chip maps flash in pages of 64 KB");
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void The_file_system_lies_where_stock_firmware_has_it(string name)
    {
        var board = AllBoards.Load(name);
        var config = board.Partitions.Partitions.Single(p => p is { Type: Partition.Data, SubType: 0x83 });
        Assert.AreEqual(("config", StockOf(board).Config), (config.Name, config.Offset));
        Assert.IsGreaterThanOrEqualTo(0x40000, config.Size);
        CollectionAssert.IsSubsetOf(new[] { "nvs", "phy_init" }, board.Partitions.Partitions.Select(p => p.Name).ToArray());
    }

    [TestMethod]
    public void The_battery_board_tells_the_firmware_what_to_measure()
    {
        var board = AllBoards.Load("lolin-d32-4mb");
        Assert.AreEqual(5, board.LedPin);
        Assert.AreEqual(new Supply(35, 7, 6400, 3500, 3600, 3700), board.Supply);
        foreach (var name in Names.Except([board.Id])) Assert.IsNull(AllBoards.Load(name).Supply, name);
    }

    private static (int Factory, int Deploy, int Config) StockOf(Board board) =>
        Stock[$"{board.Chip.Name} {board.FlashSize / Megabyte}"];
}
