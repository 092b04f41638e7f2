using NanoOta.Boards;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Boards;

/// <summary>What every board of the repository promises. Layouts are a contract with devices in the field.</summary>
[TestClass]
public sealed class ShippedBoardsTests
{
    private const int Megabyte = 1 << 20;

    private static readonly string[] Shipped =
        ["esp32-c3-devkitm-4mb", "esp32-devkitc-4mb", "esp32-s3-devkitc-1-16mb", "esp32-s3-devkitc-1-8mb", "lolin-d32-4mb"];

    public static IEnumerable<string> Names => AllBoards.Names;

    [TestMethod]
    public void No_board_that_was_shipped_has_been_removed() => CollectionAssert.IsSubsetOf(Shipped, Names.ToArray());

    [TestMethod]
    public void The_tool_carries_every_board_along() =>
        CollectionAssert.IsSubsetOf(Names.ToArray(), BoardFolders.All().Keys.ToArray());

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Each_board_is_named_like_its_folder_and_has_a_readme(string name)
    {
        Assert.AreEqual(name, AllBoards.Load(name).Id);
        StringAssert.Contains(File.ReadAllText(Repository.At("boards", name, "README.md")), "## Flashing");
    }

    [TestMethod]
    public void Firmware_has_the_wire_protocol_on_the_uart_of_the_usb_bridge()
    {
        var lines = File.ReadAllLines(Repository.At("bootloader-config", "nanoota.conf")).Where(line => line.StartsWith("CONFIG_NF_WP_"));
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
    public void App_slots_fit_today_s_apps_and_their_index_covers_the_whole_slot(string name)
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
    public void Only_the_d32_of_the_shipped_boards_tells_the_firmware_to_measure_a_battery()
    {
        var board = AllBoards.Load("lolin-d32-4mb");
        Assert.AreEqual(5, board.LedPin);
        Assert.AreEqual(new Supply(35, 7, 6400, 3500, 3600, 3700), board.Supply);
        foreach (var name in Shipped.Except([board.Id])) Assert.IsNull(AllBoards.Load(name).Supply, name);
    }

    /// <summary>nanoFramework's own tables for a chip and a size of flash: size of factory, offset of deploy, offset of config.</summary>
    private static (int Factory, int Deploy, int Config) StockOf(Board board)
    {
        int megabytes = board.FlashSize / Megabyte;
        var (factory, deploy) = board.Chip.Name == "esp32" ? (0x1D0000, 0x1E0000) : (0x1A0000, 0x1B0000);
        return (factory, deploy, megabytes switch
        {
            2 => 0x1F0000,
            >= 8 when board.Chip.Name != "esp32c3" => 0x490000,
            _ => 0x3C0000,
        });
    }
}
