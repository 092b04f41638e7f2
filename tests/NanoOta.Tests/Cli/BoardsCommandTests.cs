using NanoOta.Tests.Boards;
using NanoOta.Tests.Releases;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Cli;

[TestClass]
public sealed class BoardsCommandTests
{
    [TestMethod]
    public void Every_board_is_listed_and_good()
    {
        var json = NanoOtaTool.Run("boards", "--json").MustSucceed().Json;
        var text = NanoOtaTool.Run("boards").MustSucceed().Output;

        Assert.IsTrue(json.GetProperty("good").GetBoolean());
        var rows = json.GetProperty("boards").EnumerateArray().ToDictionary(row => row.GetProperty("board").GetString()!);
        foreach (var name in AllBoards.Names)
        {
            var board = AllBoards.Load(name);
            var row = rows[name];
            Assert.AreEqual(board.Chip.Name, row.GetProperty("chip").GetString());
            Assert.AreEqual(board.FlashSize, row.GetProperty("flash").GetInt32());
            Assert.AreEqual(board.Partitions.Slot(0).Size, row.GetProperty("appSlot").GetInt32());
            Assert.AreEqual(board.Partitions.RuntimeSlots, row.GetProperty("runtimeSlots").GetInt32());
            StringAssert.Contains(text, name);
        }

        Assert.AreEqual(35, rows["lolin-d32-4mb"].GetProperty("supplyPin").GetInt32());
    }

    [TestMethod]
    public async Task A_wrong_board_is_reported_with_all_its_errors_and_exit_code_1()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "lamp", "esp32-devkitc-4mb" }) Directory.CreateDirectory(folder.File("boards/" + name));
        folder.Write("boards/lamp/board.json", """
            { "id": "lamp",
              "chip": "esp8266", "flashSize": "4MB", "partitions": "x.csv" }
            """);
        folder.Write("boards/esp32-devkitc-4mb/board.json", "{");

        using var tool = NanoOtaTool.Start(folder.Path, "boards", "--json");
        var output = await tool.StandardOutput.ReadToEndAsync();
        await tool.WaitForExitAsync();

        Assert.AreEqual(1, tool.ExitCode);
        var json = new NanoOtaTool(1, output, "").Json;
        Assert.IsFalse(json.GetProperty("good").GetBoolean());
        var wrong = json.GetProperty("boards").EnumerateArray().Where(row => !row.GetProperty("good").GetBoolean())
            .Select(row => row.GetProperty("board").GetString());
        CollectionAssert.AreEqual(new[] { "esp32-devkitc-4mb", "lamp" }, wrong.ToArray(), "the nearest folder wins");
        string[] errors =
        [
            "esp32-devkitc-4mb/board.json(1): not valid JSON", "lamp/board.json(1): field 'name'", "lamp/board.json(2): chip",
            "lamp/board.json(2): partitions",
        ];
        var errorTexts = json.GetProperty("errors").EnumerateArray().Select(e => e.GetString()!).ToArray();
        Assert.HasCount(errors.Length, errorTexts, output);
        for (int i = 0; i < errors.Length; i++) StringAssert.Contains(errorTexts[i], errors[i]);
    }

    [TestMethod]
    public async Task A_duplicate_board_id_or_an_unreadable_board_hides_no_other_board()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "copy", "zero" }) Directory.CreateDirectory(folder.File("boards/" + name));
        var original = AllBoards.FileOf("esp32-devkitc-4mb");
        var table = Repository.At("bootloader-config", "partitions", "esp32-4mb.csv").Replace('\\', '/');
        folder.Write("boards/copy/board.json",
            File.ReadAllText(original).Replace("../../bootloader-config/partitions/esp32-4mb.csv", table));
        folder.Write("boards/zero/board.json", new byte[1 << 20]);

        using var tool = NanoOtaTool.Start(folder.Path, "boards", "--json");
        var output = await tool.StandardOutput.ReadToEndAsync();
        await tool.WaitForExitAsync();

        Assert.AreEqual(1, tool.ExitCode);
        var json = new NanoOtaTool(1, output, "").Json;
        var errorTexts = json.GetProperty("errors").EnumerateArray().Select(e => e.GetString()!).ToArray();
        Assert.HasCount(2, errorTexts, output);
        StringAssert.Contains(errorTexts[0], "copy/board.json: id 'esp32-devkitc-4mb' is wrong; expected 'copy', the name of its folder");
        StringAssert.Contains(errorTexts[1], "zero/board.json: is too large");
        Assert.AreEqual(AllBoards.Names.Count() + 2, json.GetProperty("boards").GetArrayLength());
    }
}
